import type { Person } from '@parlour/protocol/events';
import { changeRoom } from './change-room.ts';
import { exitRoom } from './exit-room.ts';
import { findRoom } from './find-room.ts';
import type { RoomDeps } from './room.ts';

/** Leaves a room. Leaving one that the person is not in changes nothing. Throws `room_not_found`. */
export async function leaveRoom(deps: RoomDeps, person: Person, id: string): Promise<void> {
  await changeRoom(deps, async (change) => {
    const room = await findRoom(change.trx, person, id);
    if (room.role === null) return;
    await exitRoom(change, room, { user: person, role: room.role, change: 'left' });
  });
}
