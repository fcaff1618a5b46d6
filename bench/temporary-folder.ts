import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders = new Set<string>();
process.once('exit', () => folders.forEach(removeTemporaryFolder));

/** A folder for what a server keeps. It goes with this process at the latest, however that ends but by `kill -9`. */
export function makeTemporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'parlour-bench-'));
  folders.add(folder);
  return folder;
}

export function removeTemporaryFolder(folder: string): void {
  folders.delete(folder);
  // A server that is about to end may still write there.
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
