import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type Ended,
  type ProcessOptions,
  runToEnd,
  ServerProcess,
  timeBareStart,
  withMount,
} from './server-process.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parlour-start-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Above 1 where the machine is so busy that Node itself, doing nothing, takes more than a tenth of a second. */
async function measureSlowness(): Promise<number> {
  return Math.max(1, (await timeBareStart()) / 100);
}

/**
 * The quickest of three tries, by how slow the machine was right before and after each: it may be busy with something else,
 * the code takes what it takes.
 */
async function fail(options: ProcessOptions): Promise<Ended> {
  const tries: Ended[] = [];
  for (let i = 0; i < 3; i += 1) {
    const before = await measureSlowness();
    const ended = await runToEnd(options);
    tries.push({ ...ended, took: ended.took / Math.max(before, await measureSlowness()) });
  }
  const [best] = tries.sort((a, b) => a.took - b.took);
  if (best === undefined) throw new Error('nothing ran');
  return best;
}

function expectOneLine({ code, out, error }: Ended, line: RegExp): void {
  expect(error).toMatch(line);
  expect(error.trimEnd().split('\n')).toHaveLength(1);
  expect([code, out]).toEqual([1, '']);
}

function expectSoon(ended: Ended, line: RegExp): void {
  expectOneLine(ended, line);
  expect(ended.took).toBeLessThan(1_000);
}

describe('a start that cannot succeed says why in one line, exits with 1, within a second', () => {
  test('the port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const environment = { PORT: String(port) };
    expectSoon(await fail({ folder, environment }), new RegExp(`^Port ${port} on 127.0.0.1 is taken\\.`));
    taken.close();
    await once(taken, 'close');
    await (await ServerProcess.start({ folder, environment })).stop();
  });

  test('there is a file where the data folder should be', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expectSoon(
      await fail({ folder: file }),
      /^The data folder .*file cannot be made: there is a file in its place\.$/m,
    );
    const below = join(file, 'below');
    expectSoon(await fail({ folder: below }), /^The data folder .* cannot be made: there is a file in its place\.$/m);
  });

  test('the data folder cannot be read or written', async () => {
    // For root nothing is unreadable, so this one runs without root's right to pass every door.
    const within = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : [];
    const closed = join(folder, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0);
    expectSoon(await fail({ folder: closed, within }), /^The data folder .* cannot be read and written: .+\.$/m);
    const inside = join(closed, 'inside');
    expectSoon(await fail({ folder: inside, within }), /^The data folder .* cannot be made: permission denied\.$/m);
    chmodSync(closed, 0o700);
  });

  test('the data folder is held by another process, until that one dies', async () => {
    const holder = await ServerProcess.start({ folder });
    expectSoon(await fail({ folder }), /^The data folder .* is in use by another Parlour\.$/m);
    await holder.kill();
    await (await ServerProcess.start({ folder })).stop();
  });

  test('a setting is wrong, and one is unknown', async () => {
    const table: [Record<string, string>, RegExp][] = [
      [{ PORT: 'eighty' }, /^PORT must be a port number from 0 to 65535; it is “eighty”\.$/m],
      [{ PARLOUR_SIGN_UP: 'maybe' }, /^PARLOUR_SIGN_UP must be open, invite or closed; it is “maybe”\.$/m],
      [{ PARLOUR_TICKET_TTL: '0' }, /^PARLOUR_TICKET_TTL must be /m],
      [{ PUBLIC_URL: 'chat.example.org' }, /^PUBLIC_URL must be /m],
      [{ PARLOUR_SINGUP: 'open' }, /^PARLOUR_SINGUP is not a setting of Parlour\.$/m],
      [{ HOST: '203.0.113.7' }, /^HOST 203\.0\.113\.7 is no address of this machine\.$/m],
    ];
    for (const [environment, line] of table) expectSoon(await fail({ folder, environment }), line);
  });

  test('every wrong setting gets a line of its own', async () => {
    const environment = { PORT: '-1', PARLOUR_NAME: 'x'.repeat(61), PARLOUR_COLOUR: 'red' };
    const { code, error, took } = await fail({ folder, environment });
    expect(
      error
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' ', 1)[0]),
    ).toEqual(['PARLOUR_COLOUR', 'PORT', 'PARLOUR_NAME']);
    expect(code).toBe(1);
    expect(took).toBeLessThan(1_000);
  });
});

describe('a start that fails over what is in the folder says why in one line and exits with 1', () => {
  test('the database is damaged', async () => {
    writeFileSync(join(folder, 'parlour.sqlite'), 'This is no database. '.repeat(500));
    expectOneLine(await fail({ folder }), /^The database .*parlour\.sqlite cannot be opened: .+\.$/m);
  });

  test('the disk is full', async () => {
    const within = withMount(folder, 'size=16k');
    // SQLite words it by which of its files met the end: "full", or "disk I/O error" for the shared one.
    expectOneLine(
      await fail({ folder, within }),
      /^The database .*parlour\.sqlite cannot be opened: .*(full|I\/O).*\.$/m,
    );
  });

  test('the disk is read-only', async () => {
    const within = withMount(folder, 'ro');
    expectOneLine(await fail({ folder, within }), /^The data folder .* cannot be read and written: .+\.$/m);
  });

  test('the secret is damaged', async () => {
    writeFileSync(join(folder, 'secret'), 'short');
    expectOneLine(await fail({ folder }), /secret is damaged/);
  });
});

test('what is stored is for the account of the server alone, also in a folder that others may read', async () => {
  chmodSync(folder, 0o755);
  const server = await ServerProcess.start({ folder });
  const open = readdirSync(folder).filter((name) => (statSync(join(folder, name)).mode & 0o077) !== 0);
  expect(readdirSync(folder)).toContain('parlour.sqlite-wal');
  expect(open).toEqual([]);
  await server.stop();
});

describe('a server that is told to stop', () => {
  test('ends by itself with 0, and frees its folder', async () => {
    for (let i = 0; i < 2; i += 1) expect(await (await ServerProcess.start({ folder })).stop()).toBe(0);
  });
});
