import type { ResetLink } from '@parlour/protocol/resets';
import type { Visitor } from '../visitor.ts';
import {
  badField,
  bearerOf,
  countLetIn,
  done,
  elsewhere,
  evil,
  forgetConfirmation,
  linkInvalid,
  newcomer,
  notAllowed,
  notRecent,
  sql,
  unique,
} from './ask.ts';
import { attackDoors, type Door } from './attack.ts';
import { call, type Stage } from './stage.ts';

/** An admin and a member, as they are before the attack. */
async function two(stage: Stage): Promise<{ admin: Visitor; member: Visitor }> {
  return { admin: await newcomer(stage, 'admin'), member: await newcomer(stage) };
}
const ban = (stage: Stage, who: Visitor, whom: { id: string }, body: unknown = {}, headers = {}) =>
  call(stage, who, 'PUT', `/api/people/${whom.id}/ban`, body, headers);
const linkFor = (stage: Stage, who: Visitor, whom: { id: string }, headers = {}) =>
  call(stage, who, 'POST', `/api/people/${whom.id}/reset-link`, {}, headers);
async function secretFor(who: Visitor, whom: Visitor): Promise<string> {
  const { body } = await who.request<ResetLink>('POST', `/api/people/${whom.id}/reset-link`);
  return new URL(body.url).hash.slice(1);
}
const use = (stage: Stage, secret: unknown, password = unique('a long new pass phrase')) =>
  call(stage, stage.server.visit(), 'POST', '/api/auth/reset', { secret, password });
/** Uses a link after something has happened to those whom it concerns. */
const useAfter =
  (what: (stage: Stage, pair: { admin: Visitor; member: Visitor }) => unknown) => async (stage: Stage) => {
    const pair = await two(stage);
    const secret = await secretFor(pair.admin, pair.member);
    await what(stage, pair);
    return use(stage, secret);
  };

const resetLinks: Door = {
  door: 'a link for a new password',
  allowed: useAfter(() => undefined),
  works: done,
  attacks: [
    [
      'made by a moderator',
      async (stage) => linkFor(stage, await newcomer(stage, 'moderator'), stage.linus),
      notAllowed,
    ],
    [
      'made for an equal',
      async (stage) => linkFor(stage, await newcomer(stage, 'admin'), await newcomer(stage, 'admin')),
      notAllowed,
    ],
    ['made for oneself', async (stage) => two(stage).then(({ admin }) => linkFor(stage, admin, admin)), notAllowed],
    [
      'made from another site',
      async (stage) => linkFor(stage, await newcomer(stage, 'admin'), stage.linus, evil),
      elsewhere,
    ],
    [
      'made with a token',
      async (stage) => {
        const { admin, member } = await two(stage);
        return linkFor(stage, stage.server.visit(), member, await bearerOf(admin));
      },
      notRecent,
    ],
    [
      'made by whoever sits at an unlocked screen',
      async (stage) => {
        const { admin, member } = await two(stage);
        forgetConfirmation(stage, admin);
        return linkFor(stage, admin, member);
      },
      notRecent,
    ],
    [
      'after its maker was made a member',
      useAfter((stage, { admin }) => sql(stage, `UPDATE user SET role = 'member' WHERE id = ?`, admin.id)),
      linkInvalid,
    ],
    [
      'after its maker was banned',
      useAfter((stage, { admin }) => sql(stage, 'UPDATE user SET bannedAt = 1 WHERE id = ?', admin.id)),
      linkInvalid,
    ],
    [
      'after its maker was deleted',
      useAfter((stage, { admin }) => sql(stage, 'DELETE FROM user WHERE id = ?', admin.id)),
      linkInvalid,
    ],
    [
      'after its person rose to its maker’s rank',
      useAfter((stage, { member }) => sql(stage, `UPDATE user SET role = 'admin' WHERE id = ?`, member.id)),
      linkInvalid,
    ],
    ['after its person was banned', useAfter((stage, { admin, member }) => ban(stage, admin, member)), linkInvalid],
    [
      'after its person was banned and pardoned',
      useAfter(async (stage, { admin, member }) => {
        await ban(stage, admin, member);
        await call(stage, admin, 'DELETE', `/api/people/${member.id}/ban`);
      }),
      linkInvalid,
    ],
    ['after another one was made', useAfter((_stage, { admin, member }) => secretFor(admin, member)), linkInvalid],
    [
      'after its time',
      useAfter((stage, { member }) =>
        sql(stage, 'UPDATE oneTimeSecrets SET expiresAt = 0 WHERE userId = ?', member.id),
      ),
      linkInvalid,
    ],
    [
      'with its kind changed',
      useAfter((stage, { member }) =>
        sql(stage, `UPDATE oneTimeSecrets SET kind = 'email_verification' WHERE userId = ?`, member.id),
      ),
      linkInvalid,
    ],
    ['guessed', (stage) => use(stage, 'A'.repeat(43)), linkInvalid],
    ['that is a list', (stage) => use(stage, ['A']), badField],
    ['with a short password', (stage) => use(stage, 'A'.repeat(43), 'short'), badField],
    [
      'used twice',
      async (stage) => {
        const { admin, member } = await two(stage);
        const secret = await secretFor(admin, member);
        await use(stage, secret);
        return use(stage, secret);
      },
      linkInvalid,
      'password_reset',
    ],
    [
      'used by three at once: one of them sets it',
      async (stage) => {
        const { admin, member } = await two(stage);
        const secret = await secretFor(admin, member);
        return countLetIn([1, 2, 3].map(() => use(stage, secret)));
      },
      { status: 1 },
    ],
    [
      'used as one that proves an address',
      async (stage) => {
        const { admin, member } = await two(stage);
        const secret = await secretFor(admin, member);
        return call(stage, stage.ada, 'POST', '/api/auth/verify-email', { secret });
      },
      linkInvalid,
    ],
  ],
};

attackDoors('attacks on links for a new password', [resetLinks]);
