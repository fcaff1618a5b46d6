import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cast, gatherCast } from '../../test/cast.ts';
import { testPassword, type Visitor } from '../../test/visitor.ts';

let cast: Cast;
beforeEach(async () => {
  cast = await gatherCast();
});
afterEach(() => cast.server.stop());

const close = (who: Visitor) => who.request('DELETE', '/api/account', { password: testPassword });
const members = async (who: Visitor, room: string) =>
  (await who.request<{ items: object[] }>('GET', `/api/rooms/${room}/members`)).body.items;

describe('an account that is closed', () => {
  it('leaves its rooms by an event, and what it said stays without its name (I2)', async () => {
    const [linus, witness] = [await cast.linus.connect(), await cast.ada.connect()];
    await cast.linus.join(cast.lobby);
    await cast.linus.post(cast.lobby, 'last-words', 'So long');
    const { seq } = await witness.join(cast.lobby);
    expect((await close(cast.linus)).status).toBe(204);
    expect(await linus.closed).toEqual({ code: 4403, reason: 'account_ended' });
    const left = await witness.next('event');
    expect(left).toMatchObject({ seq: seq + 1, event: 'member', change: 'left', user: { id: cast.linus.id } });
    const { items } = await cast.ada.history(cast.lobby);
    const former = { id: cast.linus.id, name: 'Former member' };
    expect(items.at(-2)).toMatchObject({ event: 'message', author: former, body: 'So long' });
    expect(items.at(-1)).toMatchObject({ seq: seq + 1, change: 'left', user: former });
    expect(await members(cast.ada, cast.lobby)).toHaveLength(2);
  });

  it('is not named any more by what it did to others either', async () => {
    await cast.ada.add(cast.designers, cast.linus);
    await cast.ada.request('PATCH', '/api/account', { name: 'Countess' });
    const added = async () =>
      (await cast.grace.history(cast.designers)).items.findLast((event) => event.event === 'member');
    expect(await added()).toMatchObject({ user: { name: 'Linus' }, by: { id: cast.ada.id, name: 'Countess' } });
    expect((await close(cast.ada)).status).toBe(204);
    const { items } = await cast.grace.history(cast.designers);
    expect(JSON.stringify(items)).not.toMatch(/Ada|Countess/);
    expect(items.find((event) => event.event === 'member' && event.user.id === cast.linus.id)).toMatchObject({
      by: { id: cast.ada.id, name: 'Former member' },
    });
  });

  it('hands its rooms to whoever has been in them longest; an empty one stays without an owner', async () => {
    const alone = (await cast.ada.createRoom('Alone')).id;
    expect((await close(cast.ada)).status).toBe(204);
    expect(await members(cast.grace, cast.lobby)).toMatchObject([{ id: cast.grace.id, role: 'owner' }]);
    expect(await members(cast.grace, cast.designers)).toMatchObject([{ id: cast.grace.id, role: 'owner' }]);
    await cast.linus.join(alone);
    expect(await members(cast.linus, alone)).toMatchObject([{ role: 'member' }]);
  });

  it('lets nobody in by an invite any more', async () => {
    const { body } = await cast.ada.request<{ code: string }>('POST', `/api/rooms/${cast.designers}/invites`, {});
    expect((await cast.linus.request('GET', `/api/invites/${body.code}`)).status).toBe(200);
    await close(cast.ada);
    const refused = await cast.linus.request('POST', `/api/invites/${body.code}/accept`, {});
    expect(refused).toMatchObject({ status: 410, body: { code: 'invite_revoked' } });
  });
});
