import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const web = join(root, 'packages', 'web');
const output = join(web, '.output');
const stamp = join(output, '.stamp');

/** Everything that the built pages are made of. */
const sources = [
  join(root, 'package-lock.json'),
  join(root, 'packages', 'protocol', 'src'),
  join(root, 'packages', 'client', 'src'),
  web,
];
const skipped = new Set(['node_modules', '.nuxt', '.output']);

async function listFiles(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (entries === undefined) return [path];
  const nested = entries
    .filter(({ name }) => !skipped.has(name) && !name.includes('.test.'))
    .map((entry) => (entry.isDirectory() ? listFiles(join(path, entry.name)) : [join(path, entry.name)]));
  return (await Promise.all(nested)).flat();
}

async function hashSources(): Promise<string> {
  const files = (await Promise.all(sources.map(listFiles))).flat().sort();
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${relative(root, file)}\0`)
      .update(await readFile(file))
      .update('\0');
  return hash.digest('hex');
}

function build(): Promise<void> {
  const nuxt = join(root, 'node_modules', 'nuxt', 'bin', 'nuxt.mjs');
  const child = spawn(process.execPath, [nuxt, 'build'], {
    cwd: web,
    env: { ...process.env, NODE_ENV: 'production', NUXT_TELEMETRY_DISABLED: '1', CI: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Not left running when this process ends first.
  const stop = () => child.kill();
  process.once('exit', stop);
  const said: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      process.off('exit', stop);
      if (code === 0) return resolve();
      reject(new Error(`The web application could not be built:\n${Buffer.concat(said).toString()}`));
    });
  });
}

const lock = join(tmpdir(), `parlour-build-${createHash('sha256').update(web).digest('hex').slice(0, 16)}.lock`);

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** One build of a folder at a time: two would write into each other's files. A lock whose owner is gone is broken. */
async function withLock<T>(action: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      await writeFile(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const owner = Number(await readFile(lock, 'utf8').catch(() => ''));
      // Empty for the moment in which its owner writes it.
      if (owner > 0 && !isRunning(owner)) await rm(lock, { force: true });
      else await wait(200);
    }
  }
  try {
    return await action();
  } finally {
    await rm(lock, { force: true });
  }
}

async function isFresh(hash: string): Promise<boolean> {
  return (await readFile(stamp, 'utf8').catch(() => '')) === hash;
}

/** Builds the web application when its sources have changed since it was built last. Gives the folder of the build. */
export async function buildWebIfStale(say: (line: string) => void = console.log): Promise<string> {
  if (await isFresh(await hashSources())) return output;
  return withLock(async () => {
    const hash = await hashSources();
    if (await isFresh(hash)) return output;
    say('Building the web application …');
    await build();
    await writeFile(stamp, hash);
    return output;
  });
}

if (import.meta.main) await buildWebIfStale();
