import type { Person } from '@parlour/protocol/events';
import { newId } from '../ids.ts';
import { changeRoom } from './change-room.ts';
import { enterRoom } from './enter-room.ts';
import { findStanding } from './member-store.ts';
import type { RoomDeps } from './room.ts';
import { findOldestPublicRoom, hasRooms, insertRoom } from './room-store.ts';

const names = ['General', 'Sports', 'Music'];

/** Gives a house without rooms its first ones. They have no owner: the house's owner and admins look after them. */
export async function createStarterRooms(deps: RoomDeps): Promise<void> {
  await changeRoom(deps, async ({ trx, at }) => {
    if (await hasRooms(trx)) return;
    for (const name of names) await insertRoom(trx, { id: newId(), name, private: false, createdAt: at });
  });
}

/**
 * Puts a new person into the house's first public room (General, as long as nobody removed it), so that they never
 * land in an empty shell. Called once, when their account is made: who leaves the room later stays out.
 */
export async function joinStarterRoom(deps: RoomDeps, person: Person): Promise<void> {
  await changeRoom(deps, async (change) => {
    const room = await findOldestPublicRoom(change.trx);
    if (room === undefined) return;
    const standing = await findStanding(change.trx, room.number, person.id);
    if (standing === undefined || standing.role !== null || standing.removed) return;
    await enterRoom(change, room, { user: person, change: 'joined' });
  });
}
