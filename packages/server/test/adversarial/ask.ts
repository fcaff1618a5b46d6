import type { Role } from '@parlour/protocol/accounts';
import { byHand } from '../by-hand.ts';
import { addLogin } from '../fuzz/add-login.ts';
import type { Visitor } from '../visitor.ts';
import { call, type Outcome, type Stage } from './stage.ts';

export type Who = 'ada' | 'grace' | 'linus' | 'nobody';
type Path = string | ((stage: Stage) => string);

/** A request of one of the cast, with headers where those are the attack. */
export const ask =
  (who: Who, method: string, path: Path, body?: unknown, headers?: Record<string, string>) =>
  (stage: Stage): Promise<Outcome> => {
    const visitor = who === 'nobody' ? stage.server.visit() : stage[who];
    return call(stage, visitor, method, typeof path === 'string' ? path : path(stage), body, headers);
  };

export const ok = { status: 200 };
export const made = { status: 201 };
export const done = { status: 204 };
export const notIn = { status: 401, code: 'not_authenticated' };
export const notAllowed = { status: 403, code: 'forbidden' };
export const notRecent = { status: 403, code: 'confirmation_required' };
export const noScope = { status: 403, code: 'insufficient_scope' };
export const elsewhere = { status: 403, code: 'cross_site' };
export const wrongPassword = { status: 401, code: 'wrong_credentials' };
export const badField = { status: 422, code: 'invalid_field' };
export const badCursor = { status: 422, code: 'invalid_field' };
export const linkInvalid = { status: 410, code: 'link_invalid' };
export const noPerson = { status: 404, code: 'person_not_found' };
export const notFound = { status: 404, code: 'not_found' };
export const evil = { origin: 'https://evil.example' };
export const crossSite = { 'sec-fetch-site': 'cross-site' };

let count = 0;
export function unique(name: string): string {
  count += 1;
  return `${name}-${count}`;
}

export function sql(stage: Stage, statement: string, ...values: (string | number)[]): void {
  byHand(stage.server, (db) => db.prepare(statement).run(...values));
}

/** Somebody new without a password, who has just signed in. */
export async function newcomer(stage: Stage, role: Role = 'member'): Promise<Visitor> {
  const id = unique('guest');
  const visitor = stage.server.visit();
  visitor.take(addLogin(stage.server.folder, id, false));
  sql(stage, 'UPDATE user SET role = ?, bannedAt = NULL, banReason = NULL WHERE id = ?', role, id);
  sql(stage, 'UPDATE session SET confirmedAt = ? WHERE userId = ?', stage.clock.now(), id);
  await visitor.know();
  return visitor;
}

/** As though nobody had shown for long who they are. */
export function forgetConfirmation(stage: Stage, who: Visitor): void {
  sql(stage, 'UPDATE session SET confirmedAt = 0 WHERE userId = ?', who.id);
}

export async function bearerOf(visitor: Visitor): Promise<{ authorization: string }> {
  return { authorization: `Bearer ${await visitor.token()}` };
}

/** How many of several requests at once were let in. */
export async function countLetIn(attempts: Promise<Outcome>[]): Promise<Outcome> {
  const outcomes = await Promise.all(attempts);
  return { status: outcomes.filter((outcome) => 'status' in outcome && outcome.status < 300).length };
}
