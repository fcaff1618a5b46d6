import type { CreatedAccessToken } from '@parlour/protocol/access-tokens';
import type { Visitor } from '../visitor.ts';
import {
  ask,
  badField,
  bearerOf,
  done,
  elsewhere,
  evil,
  forgetConfirmation,
  made,
  newcomer,
  noScope,
  notFound,
  notIn,
  notRecent,
  ok,
  sql,
  unique,
} from './ask.ts';
import { type Attack, attackDoors, type Door } from './attack.ts';
import { call, type Stage } from './stage.ts';

const path = '/api/account/access-tokens';
const order = (more: object = {}) => ({ name: 'a script', scope: 'read', ...more });

const makers: Door = {
  door: `POST ${path}`,
  allowed: async (stage) => call(stage, await newcomer(stage), 'POST', path, order()),
  works: made,
  attacks: [
    ['by nobody', ask('nobody', 'POST', path, order()), notIn],
    ['from another site', ask('ada', 'POST', path, order(), evil), elsewhere],
    ['of a scope that is none', ask('ada', 'POST', path, order({ scope: 'full' })), badField],
    ['for ever', ask('ada', 'POST', path, order({ expiresIn: 1e12 })), badField],
    ['for a second', ask('ada', 'POST', path, order({ expiresIn: 1 })), badField],
    ['of a name of two lines', ask('ada', 'POST', path, order({ name: 'a\r\nb' })), badField],
    [
      'at an unlocked screen',
      async (stage) => {
        const visitor = await newcomer(stage);
        forgetConfirmation(stage, visitor);
        return call(stage, visitor, 'POST', path, order());
      },
      notRecent,
    ],
    [
      'with the token of a session',
      async (stage) => call(stage, stage.server.visit(), 'POST', path, order(), await bearerOf(await newcomer(stage))),
      noScope,
    ],
    [
      'that another person revokes',
      async (stage) => {
        const { id } = await makeToken(await newcomer(stage), 'read');
        return call(stage, await newcomer(stage, 'admin'), 'DELETE', `${path}/${id}`);
      },
      notFound,
    ],
  ],
};

async function makeToken(visitor: Visitor, scope: string): Promise<CreatedAccessToken> {
  return (await visitor.request<CreatedAccessToken>('POST', path, order({ scope }))).body;
}
const bearing = ({ token }: { token: string }) => ({ authorization: `Bearer ${token}` });
const by = (stage: Stage, headers: Record<string, string>, method: string, at: string, body?: unknown) =>
  call(stage, stage.server.visit(), method, at, body, headers);
/** A request by a token of this scope, whose person is an admin. */
const withScope = (scope: string, method: string, at: string, body?: unknown) => async (stage: Stage) =>
  by(stage, bearing(await makeToken(await newcomer(stage, 'admin'), scope)), method, at, body);
/** The same by a token (JWT) that was minted for it. */
const withMinted = (scope: string, method: string, at: string, body?: unknown) => async (stage: Stage) => {
  const headers = bearing(await makeToken(await newcomer(stage, 'admin'), scope));
  const { body: minted } = await stage.server
    .visit()
    .request<{ token: string }>('GET', '/api/auth/token', undefined, headers);
  return by(stage, bearing(minted), method, at, body);
};
/** Reads after something has happened to the token or its person. */
const readAfter = (what: (stage: Stage, owner: Visitor, id: string) => unknown) => async (stage: Stage) => {
  const owner = await newcomer(stage);
  const made = await makeToken(owner, 'admin');
  await what(stage, owner, made.id);
  return by(stage, bearing(made), 'GET', '/api/rooms');
};

const readers: Door = {
  door: 'a token that reads',
  allowed: withScope('read', 'GET', '/api/rooms'),
  works: ok,
  attacks: [
    ['makes a room', withScope('read', 'POST', '/api/rooms', { name: 'x' }), noScope],
    ['makes a room by a token minted for it', withMinted('read', 'POST', '/api/rooms', { name: 'x' }), noScope],
    ['writes a post', withScope('read', 'POST', '/api/posts', { title: 'x', body: 'y' }), noScope],
    ['reads the people', withScope('read', 'GET', '/api/people'), noScope],
    ['reads the history', withScope('read', 'GET', '/api/audit'), noScope],
    [
      'revoked',
      readAfter((_stage, owner, id) => owner.request('DELETE', `${path}/${id}`)),
      notIn,
      'access_token_ended',
    ],
    [
      'deleted by hand',
      readAfter((stage, _owner, id) => sql(stage, 'DELETE FROM accessTokens WHERE id = ?', id)),
      notIn,
    ],
    [
      'expired',
      readAfter((stage, _owner, id) => sql(stage, 'UPDATE accessTokens SET expiresAt = 0 WHERE id = ?', id)),
      notIn,
    ],
    [
      'of somebody who is banned',
      readAfter((stage, { id }) => sql(stage, 'UPDATE user SET bannedAt = 1 WHERE id = ?', id)),
      notIn,
    ],
    ['of somebody who is gone', readAfter((_stage, owner) => owner.request('DELETE', '/api/account', {})), notIn],
    [
      'guessed',
      (stage) => by(stage, { authorization: `Bearer parlour_${'A'.repeat(43)}` }, 'GET', '/api/rooms'),
      notIn,
    ],
    [
      'as Basic',
      async (stage) =>
        by(
          stage,
          { authorization: `Basic ${(await makeToken(await newcomer(stage), 'read')).token}` },
          'GET',
          '/api/rooms',
        ),
      notIn,
    ],
    [
      'in the address',
      async (stage) =>
        by(stage, {}, 'GET', `/api/rooms?access_token=${(await makeToken(await newcomer(stage), 'read')).token}`),
      notIn,
    ],
    [
      'revoked, by a token minted for it before',
      async (stage) => {
        const owner = await newcomer(stage);
        const token = await makeToken(owner, 'read');
        const { body } = await stage.server
          .visit()
          .request<{ token: string }>('GET', '/api/auth/token', undefined, bearing(token));
        await owner.request('DELETE', `${path}/${token.id}`);
        return by(stage, bearing(body), 'GET', '/api/rooms');
      },
      notIn,
    ],
    ['minted for it, mints another', withMinted('read', 'GET', '/api/auth/token'), noScope],
  ],
};

const accountRoutes: [method: string, at: string, body?: unknown][] = [
  ['GET', '/api/account'],
  ['PATCH', '/api/account', { name: 'Eve' }],
  ['DELETE', '/api/account', {}],
  ['GET', '/api/account/sessions'],
  ['DELETE', '/api/account/sessions'],
  ['POST', '/api/account/password', { password: 'a long new pass phrase' }],
  ['POST', '/api/account/email', { email: 'eve@example.org' }],
  ['GET', '/api/account/email'],
  ['GET', '/api/account/history'],
  ['GET', path],
  ['POST', path, order({ scope: 'admin' })],
  ['POST', '/api/account/passkeys/options', {}],
  ['POST', '/api/account/second-factor', {}],
  ['POST', '/api/auth/confirm', { password: 'x' }],
  ['POST', '/api/auth/sign-out', {}],
];
const admins: Door = {
  door: 'a token of the widest scope',
  allowed: withScope('admin', 'GET', '/api/people'),
  works: ok,
  attacks: [
    ...accountRoutes.map(
      ([method, at, body]): Attack => [`${method} ${at}`, withScope('admin', method, at, body), noScope],
    ),
    ['minted for it: GET /api/account', withMinted('admin', 'GET', '/api/account'), noScope],
    ['minted for it: GET /api/account/sessions', withMinted('admin', 'GET', '/api/account/sessions'), noScope],
    ['a path with an encoded letter', withScope('admin', 'GET', '/api/%61ccount'), noScope],
    ['a path with two slashes', withScope('admin', 'GET', '/api//account'), noScope],
    [
      'a link for a new password',
      async (stage) => {
        const { id } = await newcomer(stage);
        return withScope('admin', 'POST', `/api/people/${id}/reset-link`)(stage);
      },
      notRecent,
    ],
  ],
};

const sessionTokens: Door = {
  door: 'the token of a session',
  allowed: async (stage) => by(stage, await bearerOf(stage.ada), 'GET', '/api/account'),
  works: ok,
  attacks: (
    [
      ['GET', '/api/auth/token'],
      ['DELETE', '/api/account', {}],
      ['POST', '/api/account/password', { password: 'a long new pass phrase' }],
      ['POST', '/api/account/email', { email: 'eve@example.org' }],
      ['POST', '/api/account/passkeys/options', {}],
      ['POST', '/api/account/second-factor', {}],
      ['POST', '/api/auth/confirm', { password: 'x' }],
      ['GET', path],
    ] as const
  ).map(
    ([method, at, body]): Attack => [
      `${method} ${at}`,
      async (stage) => by(stage, await bearerOf(await newcomer(stage)), method, at, body),
      noScope,
    ],
  ),
};

const sessionPath = '/api/account/sessions';
const sessionOf = async (visitor: Visitor) =>
  (await visitor.request<{ items: { id: string }[] }>('GET', sessionPath)).body.items[0]?.id;
const sessions: Door = {
  door: `DELETE ${sessionPath}/:id`,
  allowed: async (stage) => {
    const visitor = await newcomer(stage);
    return call(stage, visitor, 'DELETE', `${sessionPath}/${await sessionOf(visitor)}`);
  },
  works: done,
  attacks: [
    ['by nobody', ask('nobody', 'DELETE', `${sessionPath}/x`), notIn],
    [
      'of another person',
      async (stage) => call(stage, stage.linus, 'DELETE', `${sessionPath}/${await sessionOf(stage.grace)}`),
      { status: 404, code: 'session_not_found' },
    ],
    [
      'of another person, by an admin',
      async (stage) =>
        call(stage, await newcomer(stage, 'admin'), 'DELETE', `${sessionPath}/${await sessionOf(stage.grace)}`),
      { status: 404, code: 'session_not_found' },
    ],
    [
      'from another site',
      async (stage) =>
        call(stage, stage.ada, 'DELETE', `${sessionPath}/${await sessionOf(stage.ada)}`, undefined, evil),
      elsewhere,
    ],
    ['all others, from another site', ask('ada', 'DELETE', sessionPath, undefined, evil), elsewhere],
    ['all others, by nobody', ask('nobody', 'DELETE', sessionPath), notIn],
    [
      'its cookie once more',
      async (stage) => {
        const visitor = await newcomer(stage);
        const { cookie } = visitor;
        await visitor.request('DELETE', `${sessionPath}/${await sessionOf(visitor)}`);
        return call(stage, stage.server.visit(), 'GET', '/api/rooms', undefined, { cookie });
      },
      notIn,
      'session_ended',
    ],
    ['a page by a hand-made cursor', ask('ada', 'GET', `${sessionPath}?cursor=${unique('x')}`), badField],
    ['a page of 101', ask('ada', 'GET', `${sessionPath}?limit=101`), badField],
  ],
};

attackDoors('attacks on bearers and logins', [makers, readers, admins, sessionTokens, sessions]);
