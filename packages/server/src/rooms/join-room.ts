import type { Person } from '@parlour/protocol/events';
import type { Room } from '@parlour/protocol/rooms';
import { changeRoom } from './change-room.ts';
import { enterRoom } from './enter-room.ts';
import { findRoom } from './find-room.ts';
import { showRoom } from './list-rooms.ts';
import type { RoomDeps } from './room.ts';
import { removedFromRoom } from './room-refusals.ts';

/** Joins a public room; a member stays one. Throws `room_not_found` or `removed_from_room`. */
export async function joinRoom(deps: RoomDeps, person: Person, id: string): Promise<Room> {
  await changeRoom(deps, async (change) => {
    const room = await findRoom(change.trx, person, id);
    if (room.role !== null) return;
    if (room.removed) throw removedFromRoom();
    await enterRoom(change, room, { user: person, change: 'joined' });
  });
  return showRoom(deps, person, id);
}
