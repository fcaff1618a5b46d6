import { createHash } from 'node:crypto';
import { shardOf } from '../../packages/server/src/fanout/shard.ts';
import { Visitor } from '../../packages/server/test/visitor.ts';

/** Who and what there is; the numbers are counts. */
export type CostsHouse = {
  /** People who do nothing, each in one room of `peopleARoom` that they look at. */
  people: number;
  /** People of one crowd, who all look at the same room. */
  listeners: number;
  /** Rooms of which each has a shard of its own. */
  loudRooms: number;
  /** Rooms in which nothing happens. */
  quietRooms: number;
  /** Rooms that their members do not look at, of many members and of few. */
  wideRooms: number;
  narrowRooms: number;
};

export const peopleARoom = 100;
export const narrowMembers = 10;

/** A cookie that is a login of this person: the house is this benchmark's own, and dies with it. */
export function cookieOf(person: string): string {
  return `parlour.session_token=${tokenOf(person)}`;
}

const tokenOf = (person: string) => person.padEnd(43, '_');
const numbered = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name}-${i}`);

/** Rooms whose shards are all different, so that each has broker messages of its own. */
export function listLoudRooms(count: number): string[] {
  const byShard = new Map<string, string>();
  for (let i = 0; byShard.size < count; i += 1) byShard.set(shardOf(`loud-${i}`), `loud-${i}`);
  return [...byShard.values()];
}

/** Fills the house by SQL, after the pattern of one real sign-up and one real room. */
export async function fillCostsHouse(port: number, sql: (text: string) => string, house: CostsHouse): Promise<void> {
  const maker = new Visitor(`http://127.0.0.1:${port}`);
  await maker.signUp('Ada');
  const { id: pattern } = await maker.createRoom('Pattern');
  const people = [
    ...numbered('person', house.people),
    ...numbered('listener', house.listeners),
    'talker',
    'rover',
    'hearer',
  ];
  const homes = Math.ceil(house.people / peopleARoom);
  const rooms = [
    ...numbered('home', homes),
    ...numbered('wide', house.wideRooms),
    ...numbered('narrow', house.narrowRooms),
    ...numbered('quiet', house.quietRooms),
    ...listLoudRooms(house.loudRooms),
    'hall',
    'corner',
  ];
  sql(`
    CREATE TEMP TABLE newcomers (id text, hash text);
    INSERT INTO newcomers VALUES ${people.map((id) => `('${id}', '${hash(tokenOf(id))}')`).join(',')};
    INSERT INTO "user" (id, name, handle, email, "emailVerified", role, "createdAt", "updatedAt")
    SELECT n.id, n.id, n.id, n.id || '@example.org', u."emailVerified", 'member', u."createdAt", u."updatedAt"
    FROM newcomers n, "user" u WHERE u.id = '${maker.id}';
    INSERT INTO session (id, "tokenHash", "userId", "createdAt", "updatedAt", "confirmedAt", "expiresAt", "ipAddress",
      "userAgent", method)
    SELECT 'session-' || n.id, n.hash, n.id, s."createdAt", s."updatedAt", s."confirmedAt", s."expiresAt", s."ipAddress",
      s."userAgent", s.method
    FROM newcomers n, session s WHERE s."userId" = '${maker.id}';
    CREATE TEMP TABLE places (id text);
    INSERT INTO places VALUES ${rooms.map((id) => `('${id}')`).join(',')};
    INSERT INTO rooms (id, name, private, "createdAt") SELECT id, id, 0, 0 FROM places;
    INSERT INTO events (room, seq, position, kind, id, author, at, body, data)
    SELECT rooms.number, e.seq, e.position, e.kind, e.id, e.author, e.at, e.body, e.data
    FROM places JOIN rooms ON rooms.id = places.id, events e
    WHERE e.room = (SELECT number FROM rooms WHERE id = '${pattern}');
    ${enter(`'home-' || i / ${peopleARoom}`, house.people)}
    ${house.wideRooms === 0 ? '' : enter(`'wide-' || i % ${house.wideRooms}`, house.wideRooms * peopleARoom)}
    ${house.narrowRooms === 0 ? '' : enter(`'narrow-' || i % ${house.narrowRooms}`, house.narrowRooms * narrowMembers)}
    ${enter(`'hall'`, house.listeners, 'listener')}
    ${enter(`'corner'`, house.listeners, 'listener')}
    ${letIn('rover', numbered('quiet', house.quietRooms))}
    ANALYZE;`);
}

/** Makes somebody a member of rooms. */
export function letIn(person: string, rooms: readonly string[]): string {
  const ids = rooms.map((id) => `'${id}'`).join(',');
  return `INSERT INTO members (room, "user", role, "joinedAt", "readSeq")
    SELECT number, '${person}', 'member', 0, 1 FROM rooms WHERE id IN (${ids}) ON CONFLICT DO NOTHING;`;
}

/** The first people of a kind, each to the room that this expression of their number names. */
function enter(room: string, count: number, person = 'person'): string {
  return `INSERT INTO members (room, "user", role, "joinedAt", "readSeq")
    SELECT rooms.number, '${person}-' || i, 'member', 0, 1
    FROM generate_series(0, ${count - 1}) i JOIN rooms ON rooms.id = ${room};`;
}

function hash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
