import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { readConfig, readEnvironment } from '../packages/server/src/config.ts';

/** The server with hot reload at the usual address, and behind it Nuxt's development server on a free port. */
const root = join(import.meta.dirname, '..');
const { port } = readConfig(readEnvironment());
const pagesPort = await findFreePort();
const environment = {
  ...process.env,
  PAGES_ORIGIN: `http://127.0.0.1:${pagesPort}`,
  API_ORIGIN: `http://127.0.0.1:${port}`,
  NODE_ENV: 'development',
};

const nuxt = join(root, 'node_modules', 'nuxt', 'bin', 'nuxt.mjs');
const children = [
  start('--watch', '--watch-preserve-output', join(root, 'bin', 'dev-server.ts')),
  start(nuxt, 'dev', join(root, 'packages', 'web'), '--no-fork', '--host', '127.0.0.1', '--port', String(pagesPort)),
];

function start(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, args, { cwd: root, env: environment, stdio: ['ignore', 'inherit', 'inherit'] });
  child.once('exit', (code) => stop(code ?? 1));
  return child;
}

function stop(code: number): void {
  for (const child of children) child.kill('SIGTERM');
  process.exit(code);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop(0));

function findFreePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
