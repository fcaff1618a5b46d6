import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Visitor } from '../../packages/server/test/visitor.ts';

export type HouseSize = { people: number; sessionsEach: number; rooms: number; roomsEach: number };
/** A login: the cookie that it is, and the rooms that its person is in. */
export type Login = { session: string; cookie: string; rooms: string[] };
type Row = Record<string, SQLInputValue>;

const cookieName = 'parlour.session_token';

/** Fills a running server's house by SQL, after the pattern of one real sign-up: a password hash each would take a minute. */
export async function fillHouse(port: number, folder: string, size: HouseSize): Promise<Login[]> {
  const maker = new Visitor(`http://localhost:${port}`);
  await maker.signUp('Ada');
  const rooms: string[] = [];
  for (let i = 0; i < size.rooms; i += 1) rooms.push((await maker.createRoom(`Room ${i}`)).id);
  const db = new DatabaseSync(join(folder, 'parlour.sqlite'), { timeout: 5_000 });
  db.exec('BEGIN IMMEDIATE');
  const logins = Array.from({ length: size.people }, (_, i) => addPerson(db, size, rooms, i)).flat();
  db.exec('COMMIT');
  db.close();
  return logins;
}

function addPerson(db: DatabaseSync, { sessionsEach, roomsEach }: HouseSize, rooms: string[], number: number): Login[] {
  const user = `person-${number}`;
  const inside = Array.from({ length: roomsEach }, (_, i) => rooms[(number * roomsEach + i) % rooms.length] ?? '');
  copyRow(db, 'user', { id: user, name: `Person ${number}`, handle: user, email: `${user}@example.org` });
  const join = db.prepare(
    `INSERT INTO members (room, user, role, joinedAt, readSeq) SELECT number, ?, 'member', ?, 1 FROM rooms WHERE id = ?`,
  );
  for (const room of inside) join.run(user, Date.now(), room);
  return Array.from({ length: sessionsEach }, () => {
    const token = randomBytes(32).toString('base64url');
    const tokenHash = createHash('sha256').update(token).digest('base64url');
    const session = randomUUID();
    copyRow(db, 'session', { id: session, tokenHash, userId: user });
    return { session, cookie: `${cookieName}=${token}`, rooms: inside };
  });
}

function copyRow(db: DatabaseSync, table: 'user' | 'session', changes: Row): void {
  const pattern = db.prepare(`SELECT * FROM ${table} ORDER BY rowid LIMIT 1`).get() as Row;
  const row = { ...pattern, ...changes };
  const names = Object.keys(row);
  const places = names.map(() => '?').join(', ');
  db.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${places})`).run(...Object.values(row));
}
