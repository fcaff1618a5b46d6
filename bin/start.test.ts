import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { lockDataFolder } from '../packages/server/src/database/sqlite/data-folder-lock.ts';

const start = join(import.meta.dirname, 'start.ts');
const cleanups: (() => unknown)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'parlour-start-'));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** What `npm start` runs, in an empty folder; it must end by itself, and everything it says comes back. */
function run(environment: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [start], { cwd: makeFolder(), env: { PATH, PORT: '0', ...environment } });
  cleanups.push(() => child.kill('SIGKILL'));
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })));
}

// A build says so, so one line means that there was none; packages/server/test/start-up.slow.test.ts has the other causes.
test('a wrong setting stops the start before the pages are built', async () => {
  const { code, said } = await run({ PARLOUR_COLOUR: 'red' });
  expect(said).toBe('PARLOUR_COLOUR is not a setting of Parlour.\n');
  expect(code).toBe(1);
});

test('so does a data folder that another Parlour holds', async () => {
  const folder = makeFolder();
  const lock = lockDataFolder(folder);
  cleanups.push(() => lock.release());
  const { code, said } = await run({ PARLOUR_DATA: folder });
  expect(said).toBe(`The data folder ${folder} is in use by another Parlour.\n`);
  expect(code).toBe(1);
});
