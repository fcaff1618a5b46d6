import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { endLeftRunning } from '../bin/left-running.ts';
import { hasPostgres } from '../packages/server/test/postgres-server.ts';
import { skipsRabbitmq } from '../packages/server/test/rabbitmq-server.ts';
import { hasNginx } from './nginx.ts';

const isMissing = process.env['CI'] !== 'true' && (!hasPostgres || !hasNginx || skipsRabbitmq);
/** The most telling ones; all of them, and for longer, are `npm run chaos`. */
const telling = ['node-killed', 'broker-killed', 'database-killed', 'node-paused', 'broker-loses', 'rolling-restart'];
const small = ['--clients', '40', '--rooms', '10', '--seconds', '7'];

describe.skipIf(isMissing)('a cluster in trouble', () => {
  let folder: string;
  let child: ChildProcessByStdio<null, Readable, null>;
  let output: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'parlour-chaos-test-'));
    // PostgreSQL runs as somebody else, who must be able to pass through.
    chmodSync(folder, 0o711);
    output = '';
  });
  afterEach(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  function start(...args: string[]): void {
    child = spawn(process.execPath, [join(import.meta.dirname, 'chaos.ts'), ...args], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }

  test('I1, I2, I3, I4, I5, I7, I8, I11: loses, doubles and leaks nothing, whatever of it dies', async () => {
    start('--only', telling.join(), ...small);
    const [code] = await once(child, 'close');
    console.info(output);
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('slowest revocation') });
  });

  test('killed itself, it leaves nothing running and no file, a paused node included', async () => {
    start('--only', 'node-paused', '--seconds', '60', '--clients', '4', '--rooms', '2');
    const closed = once(child, 'exit');
    while (!output.includes('node-paused begins')) {
      await Promise.race([once(child.stdout, 'data'), closed]);
      expect(child.exitCode).toBeNull();
    }
    child.kill('SIGKILL');
    await closed;
    // Everything that was started knows the folder, also where else its environment is not passed on.
    expect(await endLeftRunning(folder, 30_000)).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });
});
