import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RevocationReason, revocationReasons } from '@parlour/protocol/close-codes';
import type { Page } from '@parlour/protocol/paging';
import type { Session } from '@parlour/protocol/sessions';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byHand, lastRevocation } from '../by-hand.ts';
import { type Cast, gatherCast } from '../cast.ts';
import { giveRole } from '../give-role.ts';
import { root } from '../source-files.ts';
import { TestSocket, type UpgradeRefused } from '../test-socket.ts';
import { testPassword, type Visitor } from '../visitor.ts';

let cast: Cast;
beforeAll(async () => {
  cast = await gatherCast();
  giveRole(cast.server, cast.ada, 'owner');
});
afterAll(() => cast.server.stop());

/** How long after its commit an ending may reach the last socket (I7), and what a machine under load may add; milliseconds. */
const limit = 1_000 + 2_000;

type Scene = {
  /** Whose login ends, in the browser that it ends in. */
  ending: Visitor;
  /** Another login of the same person. */
  kept: Visitor;
};
type Ending = {
  what: string;
  reason: RevocationReason;
  /** Whether it ends the person's other login too. */
  endsAll?: boolean;
  end(scene: Scene): Promise<unknown>;
};

async function sessionOf(who: Visitor): Promise<Session> {
  const { body } = await who.request<Page<Session>>('GET', '/api/account/sessions');
  const found = body.items.find(({ current }) => current);
  if (found === undefined) throw new Error('this visitor has no session');
  return found;
}

async function done(answer: Promise<{ status: number; body: unknown }>): Promise<void> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
}

function sql(statement: string, ...values: string[]): void {
  byHand(cast.server, (db) => db.prepare(statement).run(...values));
}

const endings: Ending[] = [
  { what: 'signing out', reason: 'signed_out', end: ({ ending }) => ending.signOut() },
  {
    what: 'ending this login in the list of devices',
    reason: 'signed_out',
    end: async ({ ending }) => done(ending.request('DELETE', `/api/account/sessions/${(await sessionOf(ending)).id}`)),
  },
  {
    what: 'ending another device',
    reason: 'signed_out_elsewhere',
    end: async ({ ending, kept }) =>
      done(kept.request('DELETE', `/api/account/sessions/${(await sessionOf(ending)).id}`)),
  },
  {
    what: 'signing out everywhere else',
    reason: 'signed_out_everywhere',
    end: ({ kept }) => done(kept.request('DELETE', '/api/account/sessions')),
  },
  {
    what: 'changing the password',
    reason: 'password_changed',
    end: ({ kept }) =>
      done(kept.request('POST', '/api/account/password', { current: testPassword, password: testPassword })),
  },
  {
    what: 'signing in again in the same browser',
    reason: 'replaced',
    end: ({ ending: { account, cookie }, kept }) =>
      done(
        kept.request('POST', '/api/auth/sign-in/email', { email: account.email, password: testPassword }, { cookie }),
      ),
  },
  {
    what: 'a session row deleted by hand',
    reason: 'session_ended',
    end: async ({ ending }) => sql('DELETE FROM session WHERE id = ?', (await sessionOf(ending)).id),
  },
  {
    what: 'a ban',
    reason: 'banned',
    endsAll: true,
    end: ({ ending }) => done(cast.ada.request('PUT', `/api/people/${ending.id}/ban`, {})),
  },
  {
    what: 'a ban by hand',
    reason: 'banned',
    endsAll: true,
    end: async ({ ending }) => sql('UPDATE user SET bannedAt = 1 WHERE id = ?', ending.id),
  },
  {
    what: 'closing the account',
    reason: 'account_ended',
    endsAll: true,
    end: ({ kept }) => done(kept.request('DELETE', '/api/account', { password: testPassword })),
  },
  {
    what: 'an account deleted by hand',
    reason: 'account_ended',
    endsAll: true,
    end: async ({ ending }) => sql('DELETE FROM user WHERE id = ?', ending.id),
  },
];

let count = 0;
/** Somebody new with two logins, in the lobby. */
async function enter(): Promise<Scene> {
  count += 1;
  const ending = await cast.server.signUp(`Guest ${count}`);
  await ending.join(cast.lobby);
  return { ending, kept: await ending.elsewhere() };
}

async function connectAll(visitors: Visitor[]): Promise<TestSocket[]> {
  const sockets = await Promise.all(visitors.map((visitor) => visitor.connect()));
  for (const socket of sockets) await socket.join(cast.lobby);
  return sockets;
}

async function closeTime(socket: TestSocket): Promise<number> {
  await socket.closed;
  return Date.now();
}

/** Whether the ticket opens a socket that the token authenticates. */
async function opensSocket(ticket: string, token: string): Promise<boolean> {
  try {
    const socket = await TestSocket.open(cast.server.origin, ticket);
    socket.send({ type: 'authenticate', token });
    const answered = await Promise.race([socket.next('authenticated').catch(() => undefined), socket.closed]);
    return answered !== undefined && 'type' in answered;
  } catch (error) {
    expect((error as UpgradeRefused).status).toBe(401);
    return false;
  }
}

describe.each(endings)('$what', ({ reason, endsAll = false, end }) => {
  test(`P-REVOKE-1, P-CLOSE-4, I7: closes all of its sockets with “${reason}” within a second, and no other`, async () => {
    const { ending, kept } = await enter();
    const tabs = await connectAll([ending, ending, ...(endsAll ? [kept, kept] : [])]);
    const others = await connectAll([cast.grace, cast.ada, ...(endsAll ? [] : [kept, kept])]);
    const closed = Promise.all(tabs.map(closeTime));
    await end({ ending, kept });
    const at = Math.max(...(await closed));
    for (const tab of tabs) expect(await tab.closed).toEqual({ code: 4403, reason });
    const heard = tabs.map(({ log }) => log.length);
    await cast.ada.post(cast.lobby, `after-${count}`, 'Afterwards');
    for (const other of others) {
      await other.next('event', (event) => event.event === 'message' && event.id === `after-${count}`);
      expect(other.isClosed).toBe(false);
    }
    expect(tabs.map(({ log }) => log.length)).toEqual(heard);
    expect(at - lastRevocation(cast.server)).toBeLessThan(limit);
  });

  test('P-TICKET-5, P-TOKEN-3, P-AUTH-6: makes its tickets and tokens worthless', async () => {
    const { ending, kept } = await enter();
    const [ticket, token] = [await ending.ticket(), await ending.token()];
    expect(await opensSocket(await ending.ticket(), token)).toBe(true);
    const bearer = { authorization: `Bearer ${token}`, cookie: '' };
    expect((await ending.request('GET', '/api/rooms', undefined, bearer)).status).toBe(200);
    await end({ ending, kept });
    expect(await opensSocket(ticket, token)).toBe(false);
    const stranger = cast.server.visit();
    expect((await stranger.request('GET', '/api/rooms', undefined, bearer)).status).toBe(401);
    expect((await ending.request('GET', '/api/account')).status).toBe(403);
    expect((await kept.request('GET', '/api/account')).status).toBe(endsAll ? 403 : 200);
  });
});

describe('a login that has lasted as long as it may', () => {
  test('P-AUTH-9, P-TICKET-5: ends with its deadline, and with the row', async () => {
    const { ending, kept } = await enter();
    const [ticket, token] = [await ending.ticket(), await ending.token()];
    expect(await opensSocket(await ending.ticket(), token)).toBe(true);
    const { id } = await sessionOf(ending);
    sql('UPDATE session SET expiresAt = ? WHERE id = ?', new Date(cast.clock.now()).toISOString(), id);
    expect(await opensSocket(ticket, token)).toBe(false);
    expect((await ending.request('GET', '/api/account')).status).toBe(403);
    expect((await kept.request('GET', '/api/account')).status).toBe(200);
  });
});

describe('an access token that is revoked', () => {
  test('P-REVOKE-1, P-CLOSE-4, I7: closes its sockets with “token_revoked”, and no session’s', async () => {
    const { ending, kept } = await enter();
    const scope = { name: 'a script', scope: 'write', expiresIn: 24 * 60 * 60 };
    const made = await ending.request<{ id: string; token: string }>('POST', '/api/account/access-tokens', scope);
    expect(made.status).toBe(201);
    const script = cast.server.visit();
    const bearer = { authorization: `Bearer ${made.body.token}` };
    const ask = async <Body>(method: string, path: string) => {
      const { status, body } = await script.request<Body>(method, path, method === 'POST' ? {} : undefined, bearer);
      expect(status).toBeLessThan(300);
      return body;
    };
    const open = async () => {
      const { ticket } = await ask<{ ticket: string }>('POST', '/api/sockets/tickets');
      const { token } = await ask<{ token: string }>('GET', '/api/auth/token');
      const socket = await TestSocket.open(cast.server.origin, ticket);
      socket.send({ type: 'authenticate', token });
      await socket.next('authenticated');
      return socket;
    };
    const sockets = [await open(), await open()];
    const others = await connectAll([ending, kept]);
    const closed = Promise.all(sockets.map(closeTime));
    expect((await ending.request('DELETE', `/api/account/access-tokens/${made.body.id}`)).status).toBe(204);
    const at = Math.max(...(await closed));
    for (const socket of sockets) expect(await socket.closed).toEqual({ code: 4403, reason: 'token_revoked' });
    for (const other of others) expect((await other.join(cast.lobby)).room).toBe(cast.lobby);
    expect((await script.request('GET', '/api/rooms', undefined, bearer)).status).toBe(401);
    expect(at - lastRevocation(cast.server)).toBeLessThan(limit);
  });
});

describe('what ends less than a login', () => {
  test('P-SELF-4, I7: a change of role closes nothing, and every socket of the person learns of it', async () => {
    const { ending, kept } = await enter();
    const sockets = await connectAll([ending, ending, kept]);
    const [bystander] = await connectAll([cast.grace]);
    await done(cast.ada.request('PUT', `/api/people/${ending.id}/role`, { role: 'moderator' }));
    for (const socket of sockets) {
      expect(await socket.next('self', ({ kind }) => kind === 'role')).toEqual({
        type: 'self',
        kind: 'role',
        role: 'moderator',
      });
    }
    await cast.ada.post(cast.lobby, `role-${count}`, 'Well done');
    for (const socket of [...sockets, bystander]) {
      await socket?.next('event', (event) => event.event === 'message' && event.id === `role-${count}`);
    }
    expect(bystander?.log.filter((frame) => frame.type === 'self' && frame.kind === 'role')).toEqual([]);
  });

  test('P-REVOKE-3, I5: being taken out of a room ends its subscriptions and no connection', async () => {
    const { ending, kept } = await enter();
    const sockets = await connectAll([ending, ending, kept]);
    await cast.ada.remove(cast.lobby, ending);
    for (const socket of sockets) await socket.next('left', ({ room }) => room === cast.lobby);
    await cast.ada.post(cast.lobby, `removed-${count}`, 'Now we are fewer');
    const own = (await ending.createRoom('Own')).id;
    for (const socket of sockets) {
      expect((await socket.join(own)).room).toBe(own);
      expect(socket.events(cast.lobby).some((event) => event.event === 'message')).toBe(false);
    }
  });
});

test('P-CLOSE-4: every reason has its row in the table of endings, with the sentence that a person reads', () => {
  const table = readFileSync(join(root, 'SECURITY.md'), 'utf8');
  for (const [reason, sentence] of Object.entries(revocationReasons)) {
    expect(table).toMatch(new RegExp(`^\\|.*\\| \`${reason}\` \\| ${sentence} \\|$`, 'm'));
  }
});
