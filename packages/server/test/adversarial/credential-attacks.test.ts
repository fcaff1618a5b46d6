import type { PasskeyAssertion } from '@parlour/protocol/passkeys';
import { SoftwareAuthenticator, type Tampering } from '../software-authenticator.ts';
import {
  ask,
  badField,
  countLetIn,
  elsewhere,
  evil,
  forgetConfirmation,
  made,
  newcomer,
  notAllowed,
  notIn,
  notRecent,
  ok,
  sql,
} from './ask.ts';
import { attackDoors, type Door } from './attack.ts';
import { call, type Stage } from './stage.ts';

type Challenge = { handle: string; options: Record<string, unknown> };
const keys = '/api/account/passkeys';
const door = '/api/auth/passkey';
const refused = { status: 403, code: 'passkey_refused' };
const enter = (stage: Stage, assertion: unknown) => call(stage, stage.server.visit(), 'POST', door, assertion);

/** Somebody with a passkey, and what their authenticator answers to a challenge of now. */
async function assertion(stage: Stage, tampering: Tampering = {}) {
  const owner = await newcomer(stage);
  const authenticator = new SoftwareAuthenticator(stage.server.origin);
  const { body } = await owner.request<Challenge>('POST', `${keys}/options`, {});
  await owner.request('POST', keys, authenticator.create(body));
  const offer = await stage.server.visit().request<Challenge>('POST', `${door}/options`, {});
  return { owner, challenge: offer.body, signed: authenticator.get(offer.body, tampering) };
}
const tampered = (tampering: Tampering) => async (stage: Stage) =>
  enter(stage, (await assertion(stage, tampering)).signed);
const after = (what: (stage: Stage, id: string) => unknown) => async (stage: Stage) => {
  const { owner, signed } = await assertion(stage);
  what(stage, owner.id);
  return enter(stage, signed);
};

const signIn: Door = {
  door: `POST ${door}`,
  allowed: tampered({}),
  works: ok,
  attacks: [
    ['a page of another origin', tampered({ origin: 'https://evil.example' }), refused, 'passkey_refused'],
    ['another house’s name', tampered({ rpId: 'evil.example' }), refused, 'passkey_refused'],
    ['another challenge', tampered({ challenge: 'A'.repeat(43) }), refused, 'passkey_refused'],
    ['a registration’s type', tampered({ type: 'webauthn.create' }), refused],
    ['an authenticator that was not unlocked', tampered({ flags: 1 }), refused],
    ['an unknown passkey', tampered({ id: 'AAAA' }), refused],
    ['without saying whose it is', tampered({ userHandle: undefined }), refused],
    ['in another’s name', tampered({ userHandle: 'YWRh' }), refused],
    [
      'a passkey that was removed',
      after((stage, id) => sql(stage, 'DELETE FROM passkeys WHERE userId = ?', id)),
      refused,
    ],
    [
      'a passkey of somebody who is banned',
      after((stage, id) => sql(stage, 'UPDATE user SET bannedAt = 1 WHERE id = ?', id)),
      { status: 403, code: 'banned' },
    ],
    ['a challenge that is too old', after((stage) => sql(stage, 'UPDATE oneTimeSecrets SET expiresAt = 0')), refused],
    [
      'one answer twice',
      async (stage) => {
        const { signed } = await assertion(stage);
        await enter(stage, signed);
        return enter(stage, signed);
      },
      refused,
      'passkey_refused',
    ],
    [
      'one answer by three at once: one enters',
      async (stage) => {
        const { signed } = await assertion(stage);
        return countLetIn([1, 2, 3].map(() => enter(stage, signed)));
      },
      { status: 1 },
    ],
    [
      'with the handle of another challenge',
      async (stage) => {
        const [first, second] = [await assertion(stage), await assertion(stage)];
        const mixed: PasskeyAssertion = { ...first.signed, handle: second.challenge.handle };
        return enter(stage, mixed);
      },
      refused,
    ],
    ['no answer', ask('nobody', 'POST', door, { handle: 'x' }), badField],
    ['from another site', ask('nobody', 'POST', door, {}, evil), elsewhere],
  ],
};

const register: Door = {
  door: `POST ${keys}`,
  allowed: async (stage) => {
    const owner = await newcomer(stage);
    const { body } = await owner.request<Challenge>('POST', `${keys}/options`, {});
    return call(stage, owner, 'POST', keys, new SoftwareAuthenticator(stage.server.origin).create(body));
  },
  works: made,
  attacks: [
    [
      'with the challenge of another person',
      async (stage) => {
        const { body } = await stage.linus.request<Challenge>('POST', `${keys}/options`, {});
        const answer = new SoftwareAuthenticator(stage.server.origin).create(body);
        return call(stage, await newcomer(stage), 'POST', keys, answer);
      },
      refused,
    ],
    ['a challenge for nobody', ask('nobody', 'POST', `${keys}/options`, {}), notIn],
    [
      'a challenge at an unlocked screen',
      async (stage) => {
        const visitor = await newcomer(stage);
        forgetConfirmation(stage, visitor);
        return call(stage, visitor, 'POST', `${keys}/options`, {});
      },
      notRecent,
    ],
  ],
};

const byAdmin = (path: string) => async (stage: Stage) => call(stage, await newcomer(stage, 'admin'), 'GET', path);
const history: Door = {
  door: 'GET /api/audit',
  allowed: byAdmin('/api/audit'),
  works: ok,
  attacks: [
    ['by nobody', ask('nobody', 'GET', '/api/audit'), notIn],
    ['by a member', ask('linus', 'GET', '/api/audit'), notAllowed],
    [
      'by a moderator',
      async (stage) => call(stage, await newcomer(stage, 'moderator'), 'GET', '/api/audit'),
      notAllowed,
    ],
    ['exported by a member', ask('linus', 'GET', '/api/audit/export'), notAllowed],
    ['exported by nobody', ask('nobody', 'GET', '/api/audit/export'), notIn],
    ['of SQL as a kind', byAdmin("/api/audit?kind='%20OR%201=1--"), badField],
    ['of no such day', byAdmin('/api/audit?from=2026-13-45'), badField],
    ['by a hand-made cursor', byAdmin('/api/audit?cursor=e30'), badField],
    ['one’s own, by nobody', ask('nobody', 'GET', '/api/account/history'), notIn],
  ],
};

attackDoors('attacks on passkeys and the history', [signIn, register, history]);
