import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StartError } from '../../start-error.ts';

export type DataFolderLock = { release(): void };

/**
 * Makes the folder and holds it for this process alone, by an exclusive transaction on a file of its own: the kernel
 * frees it whatever way the process dies. Throws StartError when it cannot be used.
 */
export function lockDataFolder(folder: string): DataFolderLock {
  try {
    makeFolder(resolve(folder));
  } catch (error) {
    throw new StartError(`The data folder ${folder} cannot be made: ${reasonOf(error)}.`, error);
  }
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(join(folder, 'lock.sqlite'), { timeout: 0 });
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db?.close();
    const { errcode } = error as { errcode?: number };
    if (errcode === 5) throw new StartError(`The data folder ${folder} is in use by another Parlour.`, error);
    throw new StartError(`The data folder ${folder} cannot be read and written: ${reasonOf(error)}.`, error);
  }
  const lock = db;
  return { release: () => lock.close() };
}

/** One level at a time: Node's own recursion never ends below a folder that answers every name with ENOENT, as /proc does. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
    if (code !== 'ENOENT' || existsSync(dirname(folder))) throw error;
    makeFolder(dirname(folder));
    makeFolder(folder);
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  if (code === 'EEXIST' || code === 'ENOTDIR') return 'there is a file in its place';
  if (code === 'ENOENT') return 'its parent takes no folders';
  if (code === 'ENOSPC') return 'the disk is full';
  if (code === 'EROFS') return 'the disk is read-only';
  return message ?? String(error);
}
