import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { byHand } from './by-hand.ts';
import { type Cast, gatherCast } from './cast.ts';

type Row = { kind: string; actor: string | null; subject: string | null; address: string | null; detail: string };

let cast: Cast;
beforeEach(async () => {
  cast = await gatherCast();
});
afterEach(() => cast.server.stop());

const rows = (kind: string) =>
  byHand(cast.server, (db) =>
    db.prepare('SELECT kind, actor, subject, address, detail FROM audit WHERE kind = ? ORDER BY number').all(kind),
  ) as Row[];
const last = (kind: string) => rows(kind).at(-1);

describe('the audit log notes, with who and from where,', () => {
  test('an invite made, accepted and taken back', async () => {
    const { ada, linus, designers } = cast;
    const made = await ada.request<{ id: string; code: string }>('POST', `/api/rooms/${designers}/invites`, {});
    expect(made.status).toBe(201);
    const { id, code } = made.body;
    expect(last('invite_made')).toMatchObject({ actor: ada.id, address: '127.0.0.1' });
    expect((await linus.request('POST', `/api/invites/${code}/accept`)).status).toBe(200);
    expect(last('invite_accepted')).toMatchObject({ actor: linus.id, address: '127.0.0.1' });
    expect((await ada.request('DELETE', `/api/rooms/${designers}/invites/${id}`)).status).toBe(204);
    expect(last('invite_revoked')).toMatchObject({ actor: ada.id });
    for (const kind of ['invite_made', 'invite_accepted', 'invite_revoked']) {
      expect(JSON.parse(last(kind)?.detail ?? '')).toEqual({ room: designers, invite: id });
      expect(JSON.stringify(rows(kind))).not.toContain(code);
    }
  });

  test('a member removed and added back', async () => {
    const { ada, grace, designers } = cast;
    await ada.remove(designers, grace);
    expect(last('member_removed')).toMatchObject({ actor: ada.id, subject: grace.id, address: '127.0.0.1' });
    await ada.add(designers, grace);
    expect(last('member_added')).toMatchObject({ actor: ada.id, subject: grace.id, address: '127.0.0.1' });
  });

  test('nothing where the act was refused', async () => {
    const { grace, linus, designers } = cast;
    expect((await grace.request('DELETE', `/api/rooms/${designers}/members/${linus.id}`)).status).toBe(403);
    expect((await grace.request('POST', `/api/rooms/${designers}/invites`, {})).status).toBe(403);
    expect([...rows('member_removed'), ...rows('invite_made')]).toEqual([]);
  });

  test('the house claimed, and a wrong code', async () => {
    const { ada, server } = cast;
    const claim = (code: string) => ada.request('POST', '/api/claim', { code });
    expect((await claim('AAAA-BBBB-CCCC-DDDD')).status).toBe(403);
    expect(last('claim_refused')).toMatchObject({ actor: ada.id, address: '127.0.0.1', detail: '{}' });
    const code = (await server.app.claimUrl())?.split('/').at(-1) ?? '';
    expect((await claim(code)).status).toBe(200);
    expect(last('house_claimed')).toMatchObject({ actor: ada.id, subject: ada.id });
  });

  test('a login or an access token ended from another device', async () => {
    const { ada } = cast;
    const revoke = (path: string) => ada.request('DELETE', `/api/account/${path}`);
    const by = { actor: ada.id, subject: ada.id, address: '127.0.0.1' };
    const [phone] = [await ada.elsewhere(), await ada.elsewhere(), await ada.elsewhere()];
    const session = decodeJwt(await phone.token())['sid'];
    expect((await revoke(`sessions/${session}`)).status).toBe(204);
    expect(last('session_revoked')).toMatchObject({ ...by, detail: JSON.stringify({ session }) });
    expect((await revoke(`sessions/${session}`)).status).toBe(404);
    for (const _ of [1, 2]) expect((await revoke('sessions')).status).toBe(204);
    expect(rows('other_sessions_revoked')).toMatchObject([{ ...by, detail: '{"count":2}' }]);
    const { body } = await ada.request<{ id: string }>('POST', '/api/account/access-tokens', { name: 'Bot' });
    expect((await revoke(`access-tokens/${body.id}`)).status).toBe(204);
    expect((await revoke(`access-tokens/${body.id}`)).status).toBe(404);
    expect(rows('access_token_revoked')).toMatchObject([{ ...by, detail: JSON.stringify({ token: body.id }) }]);
    expect(rows('session_revoked')).toHaveLength(1);
  });

  test('an account refused, and a ticket that opens nothing', async () => {
    const { server, ada } = cast;
    const someone = {
      name: 'Eve',
      email: 'eve@example.org',
      password: 'correct horse battery',
      invite: 'no-such-invite',
    };
    expect((await server.visit().request('POST', '/api/auth/sign-up/email', someone)).status).toBe(404);
    expect(last('sign_up_refused')).toMatchObject({
      actor: null,
      address: '127.0.0.1',
      detail: '{"code":"invite_not_found"}',
    });
    const socket = await ada.open();
    await socket.cut();
    await expect(ada.open({ protocols: ['parlour.v1', 'ticket.used-before'] })).rejects.toThrow();
    await expect.poll(() => last('ticket_refused')).toMatchObject({ address: '127.0.0.1' });
    expect(JSON.stringify(rows('ticket_refused'))).not.toContain('used-before');
  });
});
