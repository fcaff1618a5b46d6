import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { byHand } from '../../test/by-hand.ts';
import { type Cast, gatherCast } from '../../test/cast.ts';
import { giveRole } from '../../test/give-role.ts';
import { testPassword, type Visitor } from '../../test/visitor.ts';

let cast: Cast;
beforeEach(async () => {
  cast = await gatherCast();
  giveRole(cast.server, cast.ada, 'owner');
  giveRole(cast.server, cast.grace, 'moderator');
});
afterEach(() => cast.server.stop());

const ban = (who: Visitor, whom: Visitor | string, body: object = {}) =>
  who.request<{ code: string }>('PUT', `/api/people/${typeof whom === 'string' ? whom : whom.id}/ban`, body);
const pardon = (who: Visitor, whom: Visitor) => who.request<{ code: string }>('DELETE', `/api/people/${whom.id}/ban`);
const signIn = ({ account }: Visitor, password = testPassword) =>
  cast.server
    .visit()
    .request<{ code: string; detail: string }>('POST', '/api/auth/sign-in/email', { email: account.email, password });
const audited = () =>
  byHand(cast.server, (db) =>
    db.prepare(`SELECT kind, actor, subject, detail FROM audit WHERE kind IN ('banned', 'pardoned')`).all(),
  );

describe('a ban', () => {
  it('ends every login of the person, and none begins until they are pardoned', async () => {
    const elsewhere = await cast.linus.elsewhere();
    expect((await ban(cast.grace, cast.linus, { reason: 'Spam' })).status).toBe(204);
    for (const device of [cast.linus, elsewhere])
      expect((await device.request('GET', '/api/account')).status).toBe(403);
    expect(await signIn(cast.linus)).toMatchObject({ status: 403, body: { code: 'banned' } });
    expect((await pardon(cast.grace, cast.linus)).status).toBe(204);
    expect((await signIn(cast.linus)).status).toBe(200);
    expect((await cast.linus.request('GET', '/api/account')).status).toBe(403);
    expect(audited()).toMatchObject([
      { kind: 'banned', actor: cast.grace.id, subject: cast.linus.id, detail: '{"reason":"Spam"}' },
      { kind: 'pardoned', actor: cast.grace.id, subject: cast.linus.id },
    ]);
  });

  it('is told only to whoever brings the right password', async () => {
    expect((await signIn(cast.linus)).status).toBe(200);
    await ban(cast.ada, cast.linus);
    expect(await signIn(cast.linus, 'a guess')).toMatchObject({ status: 401, body: { code: 'wrong_credentials' } });
    expect((await signIn(cast.linus)).body.code).toBe('banned');
  });

  it('takes the invites back that the person made, and keeps their memberships for a pardon', async () => {
    const { body: invite } = await cast.grace.request<{ code: string }>('POST', `/api/rooms/${cast.lobby}/invites`, {});
    const guest = await cast.server.signUp('Guest');
    expect((await guest.request('GET', `/api/invites/${invite.code}`)).status).toBe(200);
    await ban(cast.ada, cast.grace);
    const refused = await guest.request('POST', `/api/invites/${invite.code}/accept`, {});
    expect(refused).toMatchObject({ status: 410, body: { code: 'invite_revoked' } });
    await pardon(cast.ada, cast.grace);
    const back = await cast.grace.elsewhere();
    expect((await back.rooms()).find(({ id }) => id === cast.designers)?.member).toBe(true);
  });

  it('may be given twice, and leaves one row in the log', async () => {
    for (const reason of ['First', 'Second']) expect((await ban(cast.ada, cast.linus, { reason })).status).toBe(204);
    for (let i = 0; i < 2; i += 1) expect((await pardon(cast.ada, cast.linus)).status).toBe(204);
    expect(audited()).toHaveLength(2);
  });

  it('P-HTTP-15: reaches only those below: nobody of one’s own role or above, nobody unknown, not oneself', async () => {
    const other = await cast.server.signUp('Other');
    giveRole(cast.server, other, 'moderator');
    for (const whom of [cast.ada, other, cast.grace]) {
      expect(await ban(cast.grace, whom)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
    expect(await ban(cast.grace, 'nobody')).toMatchObject({ status: 404, body: { code: 'person_not_found' } });
    // Who may ban nobody does not learn who is there.
    expect(await ban(cast.linus, 'nobody')).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect((await ban(cast.linus, cast.grace)).status).toBe(403);
    expect((await ban(cast.server.visit(), cast.linus)).status).toBe(401);
    expect((await ban(cast.grace, cast.linus)).status).toBe(204);
  });

  it('is not lifted by those who could not give it', async () => {
    await ban(cast.ada, cast.grace);
    const other = await cast.server.signUp('Other');
    giveRole(cast.server, other, 'moderator');
    expect((await pardon(other, cast.grace)).status).toBe(403);
    expect((await pardon(cast.ada, cast.grace)).status).toBe(204);
  });
});
