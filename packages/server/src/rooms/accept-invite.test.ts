import type { Room } from '@parlour/protocol/rooms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, type Inhabitant, openHouse, publishedSeqs } from '../../test/open-house.ts';
import { acceptInvite } from './accept-invite.ts';
import { createInvite, type InviteTerms } from './create-invite.ts';
import { createRoom } from './create-room.ts';
import { joinRoom } from './join-room.ts';
import { leaveRoom } from './leave-room.ts';
import { removeMember } from './remove-member.ts';
import { revokeInvite } from './revoke-invite.ts';
import { findInvite, spendInvite } from './spend-invite.ts';

let house: House;
let ada: Inhabitant;
let grace: Inhabitant;
let designers: Room;

beforeEach(async () => {
  house = await openHouse();
  ada = await house.addPerson('Ada');
  grace = await house.addPerson('Grace');
  designers = await createRoom(house.deps, ada.user, { name: 'Designers', private: true });
  house.published.length = 0;
});
afterEach(() => house.close());

const invite = (terms: Partial<InviteTerms> = {}) =>
  createInvite(house.deps, ada, designers.id, { expiresIn: 3600, maxUses: null, ...terms });
const accept = (who: Inhabitant, code: string) => acceptInvite(house.deps, who.user, code);
const usesOf = async (id: string) => {
  const { kysely } = house.deps.db;
  const { uses } = await kysely.selectFrom('invites').select('uses').where('id', '=', id).executeTakeFirstOrThrow();
  return uses;
};

describe('accepting an invite', () => {
  it('lets into a private room, with one event that tells who invited (A2, A3)', async () => {
    const { code, id } = await invite();
    expect(await accept(grace, code)).toEqual({ room: designers.id, name: 'Designers' });
    expect(house.published).toEqual([
      expect.objectContaining({ seq: 2, change: 'invited', user: grace.user, by: ada.user }),
    ]);
    expect(await usesOf(id)).toBe(1);
  });

  it('costs a member nothing, whatever became of the link (A2)', async () => {
    const { code, id } = await invite({ maxUses: 1 });
    await accept(grace, code);
    await accept(grace, code);
    await accept(ada, code);
    await revokeInvite(house.deps, ada, designers.id, id);
    expect(await accept(grace, code)).toMatchObject({ room: designers.id });
    expect(await usesOf(id)).toBe(1);
    expect(house.published).toHaveLength(1);
  });

  it('ends with its maker’s membership, by leaving as by removal, and stays ended when they come back (A2)', async () => {
    const [linus, joanna] = [await house.addPerson('Linus'), await house.addPerson('Joanna')];
    const lobby = await createRoom(house.deps, ada.user, { name: 'Lobby', private: false });
    const terms = { expiresIn: 3600, maxUses: null };
    for (const person of [grace, joanna]) await joinRoom(house.deps, person.user, lobby.id);
    const [left, removed, other] = [
      await createInvite(house.deps, grace, lobby.id, terms),
      await createInvite(house.deps, joanna, lobby.id, terms),
      await createInvite(house.deps, ada, lobby.id, terms),
    ];
    const designersLink = await invite();
    expect(await accept(linus, left.code)).toMatchObject({ room: lobby.id });
    await leaveRoom(house.deps, linus.user, lobby.id);
    await leaveRoom(house.deps, grace.user, lobby.id);
    await removeMember(house.deps, ada, lobby.id, joanna.user.id);
    await joinRoom(house.deps, grace.user, lobby.id);
    for (const { code } of [left, removed])
      await expect(accept(linus, code)).rejects.toMatchObject({ code: 'invite_revoked' });
    expect(await accept(linus, other.code)).toMatchObject({ room: lobby.id });
    await leaveRoom(house.deps, ada.user, designers.id);
    await expect(accept(linus, designersLink.code)).rejects.toMatchObject({ code: 'invite_revoked' });
  });

  it('lets exactly as many in as it may, however many come at once (A2)', async () => {
    const { code, id } = await invite({ maxUses: 5 });
    const people = await Promise.all(Array.from({ length: 20 }, (_, i) => house.addPerson(`Guest${i}`)));
    const outcomes = await Promise.allSettled(people.map((person) => accept(person, code)));
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(5);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'invite_used_up' });
    }
    expect(await usesOf(id)).toBe(5);
    expect(publishedSeqs(house)).toEqual([2, 3, 4, 5, 6]);
  });

  it('spends one use on one person, however many tabs they open it in (A2)', async () => {
    const { code, id } = await invite({ maxUses: 2 });
    await Promise.all([1, 2, 3, 4].map(() => accept(grace, code)));
    expect(await usesOf(id)).toBe(1);
    expect(house.published).toHaveLength(1);
  });

  it('finds the use that a sign-up took, also where it was the last (A2)', async () => {
    const { code, id } = await invite({ maxUses: 1 });
    await house.deps.db.kysely.transaction().execute(async (trx) => {
      await spendInvite(trx, await findInvite(trx, code), 'grace', house.time.now);
    });
    const linus = await house.addPerson('Linus');
    await expect(accept(linus, code)).rejects.toMatchObject({ code: 'invite_used_up' });
    expect(await accept(grace, code)).toMatchObject({ room: designers.id });
    expect(await usesOf(id)).toBe(1);
  });

  it('finds the use of somebody who left, as long as the link works (A2)', async () => {
    const { code } = await invite({ maxUses: 1, expiresIn: 60 });
    await accept(grace, code);
    await leaveRoom(house.deps, grace.user, designers.id);
    await accept(grace, code);
    await leaveRoom(house.deps, grace.user, designers.id);
    house.time.now += 60_000;
    await expect(accept(grace, code)).rejects.toMatchObject({ code: 'invite_expired' });
  });

  it('refuses what is unknown, expired or revoked, each with its code, and spends nothing (A2)', async () => {
    const short = await invite({ expiresIn: 60 });
    const revoked = await invite();
    await revokeInvite(house.deps, ada, designers.id, revoked.id);
    house.time.now += 59_999;
    await accept(grace, short.code);
    house.time.now += 1;
    const linus = await house.addPerson('Linus');
    await expect(accept(linus, short.code)).rejects.toMatchObject({ code: 'invite_expired' });
    await expect(accept(linus, revoked.code)).rejects.toMatchObject({ code: 'invite_revoked' });
    for (const code of ['', 'unknown', '\0', 'x'.repeat(10_000), short.code.toLowerCase()]) {
      await expect(accept(linus, code)).rejects.toMatchObject({ code: 'invite_not_found' });
    }
    expect(await usesOf(short.id)).toBe(1);
    expect(await house.deps.db.kysely.selectFrom('inviteUses').select('user').execute()).toEqual([{ user: 'grace' }]);
  });

  it('never overrides a removal (A2)', async () => {
    const { code, id } = await invite();
    await accept(grace, code);
    await removeMember(house.deps, ada, designers.id, 'grace');
    await expect(accept(grace, code)).rejects.toMatchObject({ code: 'removed_from_room' });
    const { code: another } = await invite();
    await expect(accept(grace, another)).rejects.toMatchObject({ code: 'removed_from_room' });
    expect(await usesOf(id)).toBe(1);
  });
});
