import type { Visitor } from '../visitor.ts';
import {
  ask,
  badField,
  bearerOf,
  countLetIn,
  done,
  elsewhere,
  evil,
  forgetConfirmation,
  newcomer,
  noPerson,
  notAllowed,
  notIn,
  notRecent,
  ok,
  sql,
} from './ask.ts';
import { attackDoors, type Door } from './attack.ts';
import { call, type Stage } from './stage.ts';

/** An admin and a member, as they are before the attack. */
async function two(stage: Stage): Promise<{ admin: Visitor; member: Visitor }> {
  return { admin: await newcomer(stage, 'admin'), member: await newcomer(stage) };
}
const ban = (stage: Stage, who: Visitor, whom: { id: string }, body: unknown = {}, headers = {}) =>
  call(stage, who, 'PUT', `/api/people/${whom.id}/ban`, body, headers);
const promote = (stage: Stage, who: Visitor, whom: { id: string }, role: unknown) =>
  call(stage, who, 'PUT', `/api/people/${whom.id}/role`, { role });

const bans: Door = {
  door: 'PUT /api/people/:id/ban',
  allowed: async (stage) => {
    const { admin, member } = await two(stage);
    return ban(stage, admin, member, { reason: 'spam' });
  },
  works: done,
  attacks: [
    ['by nobody', async (stage) => ban(stage, stage.server.visit(), stage.linus), notIn],
    ['by a member', async (stage) => ban(stage, stage.linus, stage.grace), notAllowed],
    ['of oneself', async (stage) => two(stage).then(({ admin }) => ban(stage, admin, admin)), notAllowed],
    [
      'of an equal',
      async (stage) => ban(stage, await newcomer(stage, 'admin'), await newcomer(stage, 'admin')),
      notAllowed,
    ],
    [
      'of somebody above',
      async (stage) => ban(stage, await newcomer(stage, 'moderator'), await newcomer(stage, 'admin')),
      notAllowed,
    ],
    ['of nobody', async (stage) => ban(stage, await newcomer(stage, 'admin'), { id: 'nobody' }), noPerson],
    [
      'of nobody, by a member, who does not learn that',
      async (stage) => ban(stage, stage.linus, { id: 'nobody' }),
      notAllowed,
    ],
    [
      'with a reason of 201 characters',
      async (stage) => ban(stage, await newcomer(stage, 'admin'), stage.linus, { reason: 'x'.repeat(201) }),
      badField,
    ],
    [
      'with a reason of two lines',
      async (stage) => ban(stage, await newcomer(stage, 'admin'), stage.linus, { reason: 'a\nb' }),
      badField,
    ],
    [
      'from another site',
      async (stage) => ban(stage, await newcomer(stage, 'admin'), stage.linus, {}, evil),
      elsewhere,
    ],
    [
      'by an admin who was made a member a moment ago',
      async (stage) => {
        const { admin, member } = await two(stage);
        sql(stage, `UPDATE user SET role = 'member' WHERE id = ?`, admin.id);
        return ban(stage, admin, member);
      },
      notAllowed,
    ],
    [
      'by an admin who was banned, with a token from before',
      async (stage) => {
        const { admin, member } = await two(stage);
        const bearer = await bearerOf(admin);
        sql(stage, 'UPDATE user SET bannedAt = 1 WHERE id = ?', admin.id);
        return ban(stage, stage.server.visit(), member, {}, bearer);
      },
      notIn,
    ],
    [
      'outlived by the cookie of whom it shuts out',
      async (stage) => {
        const { admin, member } = await two(stage);
        await ban(stage, admin, member);
        return call(stage, member, 'GET', '/api/rooms');
      },
      notIn,
      'banned',
    ],
    [
      'lifted by whom it shuts out',
      async (stage) => {
        const { admin, member } = await two(stage);
        await ban(stage, admin, member);
        return call(stage, member, 'DELETE', `/api/people/${member.id}/ban`);
      },
      notIn,
    ],
  ],
};

const roles: Door = {
  door: 'PUT /api/people/:id/role',
  allowed: async (stage) => {
    const { admin, member } = await two(stage);
    return promote(stage, admin, member, 'moderator');
  },
  works: done,
  attacks: [
    ['by a member, for themselves', async (stage) => promote(stage, stage.linus, stage.linus, 'admin'), notAllowed],
    [
      'by a moderator',
      async (stage) => promote(stage, await newcomer(stage, 'moderator'), stage.linus, 'moderator'),
      notAllowed,
    ],
    [
      'to one’s own rank',
      async (stage) => promote(stage, await newcomer(stage, 'admin'), stage.linus, 'admin'),
      notAllowed,
    ],
    [
      'of an equal',
      async (stage) => promote(stage, await newcomer(stage, 'admin'), await newcomer(stage, 'admin'), 'member'),
      notAllowed,
    ],
    [
      'to a role that is none',
      async (stage) => promote(stage, await newcomer(stage, 'admin'), stage.linus, 'root'),
      badField,
    ],
    [
      'to a list of roles',
      async (stage) => promote(stage, await newcomer(stage, 'admin'), stage.linus, ['member']),
      badField,
    ],
    [
      'to owner by an admin',
      async (stage) => promote(stage, await newcomer(stage, 'admin'), stage.linus, 'owner'),
      notAllowed,
    ],
    [
      'of nobody',
      async (stage) => promote(stage, await newcomer(stage, 'admin'), { id: "' OR 1=1 --" }, 'member'),
      noPerson,
    ],
    [
      'to owner by an owner who has not shown for long who they are',
      async (stage) => {
        sql(stage, `UPDATE user SET role = 'owner' WHERE id = ?`, stage.ada.id);
        forgetConfirmation(stage, stage.ada);
        return promote(stage, stage.ada, await newcomer(stage), 'owner');
      },
      notRecent,
    ],
    [
      'to owner, two at once: one house has one owner',
      async (stage) => {
        sql(stage, `UPDATE user SET role = 'owner' WHERE id = ?`, stage.ada.id);
        sql(stage, 'UPDATE session SET confirmedAt = ? WHERE userId = ?', stage.clock.now(), stage.ada.id);
        const heirs = [await newcomer(stage), await newcomer(stage)];
        const outcome = await countLetIn(heirs.map((heir) => promote(stage, stage.ada, heir, 'owner')));
        sql(stage, `UPDATE user SET role = 'member' WHERE role = 'owner'`);
        return outcome;
      },
      { status: 1 },
      'role_changed',
    ],
  ],
};

const list: Door = {
  door: 'GET /api/people',
  allowed: async (stage) => call(stage, await newcomer(stage, 'moderator'), 'GET', '/api/people'),
  works: ok,
  attacks: [
    ['by nobody', ask('nobody', 'GET', '/api/people'), notIn],
    ['by a member', ask('linus', 'GET', '/api/people'), notAllowed],
    [
      'by a hand-made cursor',
      async (stage) => call(stage, await newcomer(stage, 'admin'), 'GET', '/api/people?cursor=e30'),
      badField,
    ],
    [
      'for everything, by SQL',
      async (stage) => call(stage, await newcomer(stage, 'admin'), 'GET', "/api/people?query=%25'%20OR%201=1--"),
      ok,
    ],
    [
      'for a name of 81 characters',
      async (stage) => call(stage, await newcomer(stage, 'admin'), 'GET', `/api/people?query=${'x'.repeat(81)}`),
      badField,
    ],
  ],
};

attackDoors('attacks on people', [bans, roles, list]);
