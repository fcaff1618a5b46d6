import type { Account, Role } from '@parlour/protocol/accounts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { byHand } from '../../test/by-hand.ts';
import { type Cast, gatherCast } from '../../test/cast.ts';
import { giveRole } from '../../test/give-role.ts';
import type { Visitor } from '../../test/visitor.ts';

let cast: Cast;
beforeEach(async () => {
  cast = await gatherCast();
  giveRole(cast.server, cast.ada, 'owner');
  giveRole(cast.server, cast.grace, 'admin');
});
afterEach(() => cast.server.stop());

const change = (who: Visitor, whom: Visitor, role: string) =>
  who.request<{ code: string }>('PUT', `/api/people/${whom.id}/role`, { role });
const roleOf = async (who: Visitor): Promise<Role> => (await who.request<Account>('GET', '/api/account')).body.role;

describe('changing a role', () => {
  it('counts for the person’s very next request, and is told to their sockets (P-SELF-4)', async () => {
    const socket = await cast.linus.connect();
    expect((await cast.linus.request('GET', '/api/people')).status).toBe(403);
    expect((await change(cast.ada, cast.linus, 'moderator')).status).toBe(204);
    expect(await socket.next('self', ({ kind }) => kind === 'role')).toEqual({
      type: 'self',
      kind: 'role',
      role: 'moderator',
    });
    expect((await cast.linus.request('GET', '/api/people')).status).toBe(200);
    await change(cast.ada, cast.linus, 'member');
    expect(await socket.next('self', ({ kind }) => kind === 'role')).toMatchObject({ role: 'member' });
    expect((await cast.linus.request('GET', '/api/people')).status).toBe(403);
    const rows = byHand(cast.server, (db) =>
      db.prepare(`SELECT actor, subject, detail FROM audit WHERE kind = 'role_changed'`).all(),
    );
    expect(rows).toMatchObject([
      { actor: cast.ada.id, subject: cast.linus.id, detail: '{"from":"member","to":"moderator"}' },
      { detail: '{"from":"moderator","to":"member"}' },
    ]);
  });

  it('takes from an admin at once what only admins may in rooms', async () => {
    const guest = await cast.server.signUp('Guest');
    await guest.join(cast.lobby);
    const room = (await cast.ada.createRoom('Open')).id;
    await guest.join(room);
    await cast.grace.join(room);
    await cast.grace.remove(room, guest);
    expect((await change(cast.ada, cast.grace, 'member')).status).toBe(204);
    const refused = await cast.grace.request('DELETE', `/api/rooms/${cast.lobby}/members/${guest.id}`);
    expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });

  it('gives only roles below one’s own, to those below oneself', async () => {
    const other = await cast.server.signUp('Other');
    giveRole(cast.server, other, 'admin');
    for (const role of ['admin', 'owner']) expect((await change(cast.grace, cast.linus, role)).status).toBe(403);
    for (const whom of [cast.ada, other, cast.grace])
      expect((await change(cast.grace, whom, 'member')).status).toBe(403);
    expect((await change(cast.linus, cast.linus, 'admin')).status).toBe(403);
    expect((await change(cast.ada, cast.ada, 'member')).status).toBe(403);
    expect(await change(cast.grace, cast.linus, 'emperor')).toMatchObject({ status: 422, body: { field: 'role' } });
    expect((await change(cast.grace, cast.linus, 'moderator')).status).toBe(204);
    expect((await change(cast.ada, cast.linus, 'admin')).status).toBe(204);
  });

  it('hands the house over, so that there is always one owner', async () => {
    expect((await change(cast.ada, cast.linus, 'owner')).status).toBe(204);
    expect([await roleOf(cast.ada), await roleOf(cast.linus)]).toEqual(['admin', 'owner']);
    expect((await change(cast.ada, cast.grace, 'owner')).status).toBe(403);
    expect((await change(cast.linus, cast.ada, 'member')).status).toBe(204);
    const owners = () => byHand(cast.server, (db) => db.prepare(`SELECT id FROM user WHERE role = 'owner'`).all());
    expect(owners()).toEqual([{ id: cast.linus.id }]);
    expect(() => giveRole(cast.server, cast.grace, 'owner')).toThrow(/unique/i);
    // Two at once: the second finds that it is no owner any more.
    const handed = await Promise.all([cast.ada, cast.grace].map((whom) => change(cast.linus, whom, 'owner')));
    expect(handed.map(({ status }) => status).sort()).toEqual([204, 403]);
    expect(owners()).toHaveLength(1);
  });

  it('hands it to nobody who is banned, nor long after signing in', async () => {
    await cast.ada.request('PUT', `/api/people/${cast.linus.id}/ban`, {});
    expect((await change(cast.ada, cast.linus, 'owner')).status).toBe(403);
    cast.clock.advance(11 * 60_000);
    expect((await change(cast.ada, cast.grace, 'owner')).body.code).toBe('confirmation_required');
    await cast.ada.request('POST', '/api/auth/confirm', { password: 'correct horse battery' });
    expect((await change(cast.ada, cast.grace, 'owner')).status).toBe(204);
  });
});
