import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '@parlour/protocol/accounts';
import type { Person, RoomEvent } from '@parlour/protocol/events';
import { handleOf } from '@parlour/protocol/mentions';
import { type Database, openDatabase } from '../src/database/database.ts';
import { messageProcedures } from '../src/messages/message-store.ts';
import { dropDatabase, makeDatabase } from './test-database.ts';
export type Inhabitant = { user: Person; role: Role };

/** A house on a real database in a folder of its own, for tests of behaviours: the cast, a clock, what was published. */
export type House = {
  deps: { db: Database; clock: { now(): number }; publish(event: RoomEvent): void; origin(): string };
  published: RoomEvent[];
  /** Milliseconds since 1970; moves only when a test moves it. */
  time: { now: number };
  addPerson(name: string, role?: Role): Promise<Inhabitant>;
  close(): Promise<void>;
};

export async function openHouse(): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), 'parlour-house-'));
  const databaseUrl = makeDatabase();
  const db = await openDatabase({
    folder,
    url: databaseUrl,
    procedures: messageProcedures(),
    onFatal: (error) => {
      throw error;
    },
  });
  const published: RoomEvent[] = [];
  const time = { now: Date.UTC(2026, 0, 5, 9) };
  return {
    deps: {
      db,
      clock: { now: () => time.now },
      publish: (event) => void published.push(event),
      origin: () => 'https://house.example',
    },
    published,
    time,
    addPerson: async (name, role = 'member') => {
      const at = new Date(time.now).toISOString();
      const user = { id: name.toLowerCase(), name };
      const email = `${user.id}@private.example`;
      const row = {
        ...user,
        handle: handleOf(user.name),
        email,
        emailVerified: 0,
        role,
        createdAt: at,
        updatedAt: at,
      };
      await db.kysely.insertInto('user').values(row).execute();
      return { user, role };
    },
    close: async () => {
      await db.close();
      dropDatabase(databaseUrl);
      rmSync(folder, { recursive: true });
    },
  };
}

/** In their own order: which of several commits is heard of first is up to PostgreSQL, and put right by channels (I2). */
export function publishedSeqs(house: House): number[] {
  return house.published.map(({ seq }) => seq).sort((one, other) => one - other);
}
