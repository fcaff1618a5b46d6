import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Visitor } from '../packages/server/test/visitor.ts';
import type { House } from './house.ts';

export type Login = { person: string; session: string; cookie: string };

/** Signs up the one person whose password is really hashed: the owner of every room, and the pattern of the others. */
export async function signUpOwner(house: House): Promise<Visitor> {
  const owner = new Visitor(house.origin);
  await owner.signUp('Ada');
  return owner;
}

/** Puts people in by SQL, since hundreds of passwords would take half a minute to hash. */
export async function addPeople(house: House, owner: Visitor, count: number): Promise<Login[]> {
  const people = Array.from({ length: count }, (_, i) => `person-${i}`);
  await house.sql(
    `INSERT INTO "user" (id, name, handle, email, "emailVerified", role, "createdAt", "updatedAt")
     SELECT new, new, new, new || '@example.org', "emailVerified", 'member', "createdAt", "updatedAt"
     FROM "user", unnest($2::text[]) AS new WHERE id = $1`,
    [owner.id, people],
  );
  const logins: Login[] = [];
  for (const person of people) logins.push(await addLogin(house, owner, person));
  return logins;
}

/** One more login of somebody, after the pattern of the owner's. */
export async function addLogin(house: House, owner: Visitor, person: string): Promise<Login> {
  const session = randomUUID();
  const token = randomBytes(32).toString('base64url');
  const tokenHash = createHash('sha256').update(token).digest('base64url');
  await house.sql(
    `INSERT INTO session (id, "tokenHash", "userId", "createdAt", "updatedAt", "confirmedAt", "expiresAt", "ipAddress",
       "userAgent", method)
     SELECT $1, $2, $3, "createdAt", "updatedAt", "confirmedAt", "expiresAt", "ipAddress", "userAgent", method
     FROM session WHERE "userId" = $4 LIMIT 1`,
    [session, tokenHash, person, owner.id],
  );
  return { person, session, cookie: `parlour.session_token=${token}` };
}
