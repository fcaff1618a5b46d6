// The whole server as it runs for people, apart from the pages: real logins, SQLite with a commit before each answer. It
// takes the folder of its data and its port, and makes and removes a folder of its own where none is named.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../packages/server/src/app.ts';
import { readConfig } from '../../packages/server/src/config.ts';
import { listen } from '../../packages/server/src/listen.ts';
import { createLog } from '../../packages/server/src/log.ts';
import { serveBenchmark } from './peer.ts';

const [given, port = '0'] = process.argv.slice(2);
const folder = given ?? mkdtempSync(join(tmpdir(), 'parlour-bench-'));
if (given === undefined) process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const config = readConfig({
  PORT: port,
  PARLOUR_DATA: folder,
  PARLOUR_SIGN_UP: 'open',
  PARLOUR_RATE_LIMITS: 'off',
  // Longer than the run, because the load generator renews nothing.
  PARLOUR_TOKEN_TTL: '3600',
});
const listener = await listen(config.port, config.host);
const app = await createApp(config, {
  port: listener.port,
  log: createLog(),
  onFatal: (error) => {
    throw error;
  },
});
listener.handle(app.handlers);
serveBenchmark(
  listener.port,
  async () => {
    await Promise.all([listener.close(), app.close()]);
  },
  folder,
);
