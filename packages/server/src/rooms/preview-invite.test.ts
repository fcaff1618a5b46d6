import type { Room } from '@parlour/protocol/rooms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, type Inhabitant, openHouse } from '../../test/open-house.ts';
import { acceptInvite } from './accept-invite.ts';
import { createInvite } from './create-invite.ts';
import { createRoom } from './create-room.ts';
import { previewInvite } from './preview-invite.ts';
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
});
afterEach(() => house.close());

const invite = (maxUses: number | null = null) =>
  createInvite(house.deps, ada, designers.id, { expiresIn: 60, maxUses });
const preview = (code: string, reader?: Inhabitant) => previewInvite(house.deps, reader?.user, code);

describe('looking at an invite', () => {
  it('tells where it leads and never uses it up (A2)', async () => {
    const { code, expiresAt } = await invite(1);
    const shown = { roomName: 'Designers', invitedBy: 'Ada', expiresAt };
    for (const reader of [undefined, grace, undefined]) expect(await preview(code, reader)).toEqual(shown);
    await acceptInvite(house.deps, grace.user, code);
  });

  it('tells what became of it, each with its code (A2)', async () => {
    const once = await invite(1);
    const revoked = await invite();
    await acceptInvite(house.deps, grace.user, once.code);
    await revokeInvite(house.deps, ada, designers.id, revoked.id);
    await expect(preview(once.code)).rejects.toMatchObject({ code: 'invite_used_up' });
    await expect(preview(revoked.code)).rejects.toMatchObject({ code: 'invite_revoked' });
    await expect(preview('unknown')).rejects.toMatchObject({ code: 'invite_not_found' });
    house.time.now += 60_000;
    await expect(preview(once.code)).rejects.toMatchObject({ code: 'invite_expired' });
  });

  it('shows it to those whom it still lets in: who took its last use, and members (A2)', async () => {
    const { code } = await invite(1);
    await house.deps.db.kysely.transaction().execute(async (trx) => {
      await spendInvite(trx, await findInvite(trx, code), 'grace', house.time.now);
    });
    await expect(preview(code)).rejects.toMatchObject({ code: 'invite_used_up' });
    expect(await preview(code, grace)).toMatchObject({ roomName: 'Designers' });
    house.time.now += 60_000;
    await expect(preview(code, grace)).rejects.toMatchObject({ code: 'invite_expired' });
    expect(await preview(code, ada)).toMatchObject({ roomName: 'Designers' });
  });
});
