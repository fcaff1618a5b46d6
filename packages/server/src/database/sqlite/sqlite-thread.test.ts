import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { openSqlite } from './open-sqlite.ts';
import { SqliteThread } from './sqlite-thread.ts';

const folder = mkdtempSync(join(tmpdir(), 'parlour-thread-'));
const file = join(folder, 'parlour.sqlite');
openSqlite(file, false).close();
afterAll(() => rmSync(folder, { recursive: true }));

it.each(['sqlite-reader.ts', 'sqlite-writer.ts'])('%s answers what was asked before it ends', async (module) => {
  const fatal: Error[] = [];
  const thread = new SqliteThread(new URL(module, import.meta.url), { file, procedures: {} }, (e) => fatal.push(e));
  const asked = [1, 2, 3].map((number) => thread.request('query', 'SELECT ? AS number', [number]));
  const closing = thread.close();
  expect(await Promise.all(asked)).toEqual([1, 2, 3].map((number) => ({ rows: [{ number }], changes: 0 })));
  await closing;
  await expect(thread.request('query', 'SELECT 1', [])).rejects.toThrow('closed');
  expect(fatal).toEqual([]);
});

it('I10: hands many answers on sixteen at a time, and all of them where it has ended meanwhile', async () => {
  const turns: (() => void)[] = [];
  const pace = { goOn: () => new Promise<void>((resolve) => turns.push(resolve)) };
  const url = new URL('sqlite-reader.ts', import.meta.url);
  const thread = new SqliteThread(url, { file, procedures: {} }, () => undefined, pace);
  const answered: number[] = [];
  const asked = Array.from({ length: 40 }, async (_, number) => {
    await thread.request('query', 'SELECT ? AS number', [number]);
    answered.push(number);
  });
  while (turns.length < 3) await setImmediate();
  for (const count of [16, 32]) {
    turns.shift()?.();
    await setImmediate();
    expect(answered).toEqual(Array.from({ length: count }, (_, number) => number));
  }
  await thread.close();
  for (const resolve of turns) resolve();
  await Promise.all(asked);
  expect(answered).toHaveLength(40);
});

it('answers whoever asks it once it is gone by itself, and can be closed', async () => {
  const noDatabase = join(folder, 'no-database');
  writeFileSync(noDatabase, 'This is no database.'.repeat(100));
  const gone = Promise.withResolvers<void>();
  const told: Error[] = [];
  const url = new URL('sqlite-writer.ts', import.meta.url);
  const thread = new SqliteThread(url, { file: noDatabase, procedures: {} }, (error) => {
    // First of its failure, then of its exit.
    if (told.push(error) === 2) gone.resolve();
  });
  await expect(thread.request('probe')).rejects.toThrow('file is not a database');
  await gone.promise;
  await expect(thread.request('probe')).rejects.toThrow('file is not a database');
  await thread.close();
});

it('rolls back what a procedure wrote before it failed, and commits what was asked beside it', async () => {
  const procedures = { stumble: new URL('../../../test/stumbling-procedure.ts', import.meta.url).href };
  const url = new URL('sqlite-writer.ts', import.meta.url);
  const thread = new SqliteThread(url, { file, procedures }, () => undefined);
  await thread.request('query', 'CREATE TABLE steps (name TEXT) STRICT', []);
  const add = (name: string) => thread.request('query', 'INSERT INTO steps VALUES (?)', [name]);
  const call = (name: string) => thread.request('call', 'stumble', name);
  const outcomes = await Promise.allSettled([
    add('first'),
    call('falls'),
    call('stands'),
    call('refuses'),
    add('last'),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled']);
  const steps = await thread.request('query', 'SELECT name FROM steps ORDER BY rowid', []);
  expect(steps).toMatchObject({ rows: [{ name: 'first' }, { name: 'stands' }, { name: 'last' }] });
  await thread.close();
});

it('keeps the log short where each commit is small', async () => {
  const url = new URL('sqlite-writer.ts', import.meta.url);
  const thread = new SqliteThread(url, { file, procedures: {} }, () => undefined);
  await thread.request('query', 'CREATE TABLE marks (number INTEGER)', []);
  const before = statSync(`${file}-wal`).size;
  for (let number = 0; number < 2_000; number += 1) {
    await thread.request('query', 'INSERT INTO marks VALUES (?)', [number]);
  }
  const pageSize = 2_048;
  expect(statSync(`${file}-wal`).size - before).toBeLessThan(600 * pageSize);
  await thread.close();
});
