import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StartError } from '../start-error.ts';
import { type Database, openDatabase } from './database.ts';

let folder: string;
let database: Database;
const fatal: Error[] = [];
const open = () => openDatabase({ folder, onFatal: (error) => fatal.push(error) });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parlour-database-'));
  database = await open();
});

afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
  expect(fatal).toEqual([]);
});

const room = (id: string) => ({ id, name: id, private: 0, createdAt: 1 });
const listIds = async () =>
  (await database.kysely.selectFrom('rooms').select('id').orderBy('id').execute()).map((r) => r.id);

describe('the database', () => {
  it('keeps what was committed when it is opened again', async () => {
    await database.kysely.insertInto('rooms').values(room('lobby')).execute();
    await database.close();
    database = await open();
    expect(await listIds()).toEqual(['lobby']);
  });

  it('refuses what a newer release has brought up to date, with one clear line', async () => {
    await sql`INSERT INTO kysely_migration VALUES ('9999-later', '2100-01-01T00:00:00.000Z')`.execute(database.kysely);
    await database.close();
    const refusal = await open().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(StartError);
    expect(String(refusal)).toContain('A newer Parlour has brought this house up to date (9999-later).');
    const db = new DatabaseSync(join(folder, 'parlour.sqlite'));
    db.exec(`DELETE FROM kysely_migration WHERE name = '9999-later'`);
    db.close();
    database = await open();
  });

  it('rolls a failed transaction back whole', async () => {
    const failing = database.kysely.transaction().execute(async (trx) => {
      await trx.insertInto('rooms').values(room('lobby')).execute();
      await trx.insertInto('rooms').values(room('lobby')).execute();
    });
    await expect(failing).rejects.toThrow('UNIQUE');
    expect(await listIds()).toEqual([]);
  });

  it('fails one statement of a group alone', async () => {
    const insert = (id: string) => database.kysely.insertInto('rooms').values(room(id)).execute();
    const outcomes = await Promise.allSettled([insert('a'), insert('a'), insert('b')]);
    expect(outcomes.map((o) => o.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await listIds()).toEqual(['a', 'b']);
  });

  it('answers reads while a transaction is open, without what is not committed', async () => {
    const seen = await database.kysely.transaction().execute(async (trx) => {
      await trx.insertInto('rooms').values(room('lobby')).execute();
      return await listIds();
    });
    expect([seen, await listIds()]).toEqual([[], ['lobby']]);
  });

  it('runs a compiled query with other parameters each time, in turn with other reads', async () => {
    const { kysely, read } = database;
    await kysely
      .insertInto('rooms')
      .values([room('attic'), room('lobby')])
      .execute();
    const query = kysely.selectFrom('rooms').select(['id', 'private']).where('id', '=', '').compile();
    const order: string[] = [];
    const note = (what: string) => () => void order.push(what);
    const reads = [
      read(query, ['attic']).finally(note('first')),
      kysely.selectFrom('rooms').select('id').execute().finally(note('second')),
      read(query, ['lobby']).finally(note('third')),
      read(query, ['cellar']),
    ];
    expect(await Promise.all(reads)).toEqual([
      [{ id: 'attic', private: 0 }],
      [{ id: 'attic' }, { id: 'lobby' }],
      [{ id: 'lobby', private: 0 }],
      [],
    ]);
    expect(order.filter((what) => what !== 'second')).toEqual(['first', 'third']);
  });

  it('writes nothing by what is read, and says what was wrong with it', async () => {
    const { kysely, read } = database;
    await kysely.insertInto('rooms').values(room('lobby')).execute();
    const writing = kysely.updateTable('rooms').set({ name: '' }).where('id', '=', '').compile();
    await expect(read(writing, ['Changed', 'lobby'])).rejects.toThrow('Nothing can be stored');
    const query = kysely.selectFrom('rooms').select('name').where('id', '=', '').compile();
    expect(await read(query, ['lobby'])).toEqual([{ name: 'lobby' }]);
    await expect(read(query, ['lobby', 'attic'])).rejects.toThrow();
  });

  it('runs transactions one after another, with other writes between them and not inside', async () => {
    const count = (trx: Database['kysely']) =>
      trx
        .selectFrom('rooms')
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow();
    const transact = (id: string) =>
      database.kysely.transaction().execute(async (trx) => {
        const before = (await count(trx)).n;
        await trx.insertInto('rooms').values(room(id)).execute();
        return (await count(trx)).n - before;
      });
    const single = database.kysely.insertInto('rooms').values(room('single')).execute();
    expect(await Promise.all([transact('a'), transact('b'), transact('c')])).toEqual([1, 1, 1]);
    await single;
    expect(await listIds()).toEqual(['a', 'b', 'c', 'single']);
  });

  it('refuses a folder that another Parlour holds, with one clear line', async () => {
    await expect(open()).rejects.toThrow(StartError);
    await expect(open()).rejects.toThrow('in use by another Parlour');
  });

  it('writes a session that ended, by whatever statement, to the revocation log', async () => {
    const { kysely } = database;
    const now = new Date().toISOString();
    const dates = { createdAt: now, updatedAt: now };
    await kysely
      .insertInto('user')
      .values({
        id: 'ada',
        name: 'Ada',
        email: 'ada@example.org',
        emailVerified: 0,
        handle: 'ada',
        role: 'member',
        ...dates,
      })
      .execute();
    const session = (id: string, replaces: string | null) => ({
      ...{
        id,
        tokenHash: id,
        userId: 'ada',
        expiresAt: now,
        ipAddress: '',
        userAgent: '',
        method: 'password',
        replaces,
      },
      ...{ provider: null, providerSubject: null, providerSession: null, confirmedAt: 0 },
      ...dates,
    });
    await kysely.insertInto('session').values(session('first', null)).execute();
    await kysely.insertInto('session').values(session('second', 'first')).execute();
    await kysely.deleteFrom('user').where('id', '=', 'ada').execute();
    const log = await kysely
      .selectFrom('revocations')
      .select(['kind', 'grantId', 'reason'])
      .orderBy('number')
      .execute();
    expect(log).toEqual([
      { kind: 'grant', grantId: 'first', reason: 'replaced' },
      { kind: 'grant', grantId: 'second', reason: 'account_ended' },
    ]);
  });
});
