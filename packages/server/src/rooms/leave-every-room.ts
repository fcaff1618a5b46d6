import type { Person } from '@parlour/protocol/events';
import { beginRoomChange } from './change-room.ts';
import { exitRoom } from './exit-room.ts';
import { revokeEveryInviteOf } from './invite-store.ts';
import { deleteMentionsOf, listRoomsOf } from './member-store.ts';
import type { Queries, RoomDeps } from './room.ts';

/**
 * Takes somebody whose account ends out of all rooms, inside the transaction that ends it, and takes their invites back.
 * The rooms learn of it by events as of any leaving; the answer publishes them and is called after the commit.
 */
export async function leaveEveryRoom(
  { clock, publish }: Pick<RoomDeps, 'clock' | 'publish'>,
  trx: Queries,
  person: Person,
): Promise<() => void> {
  const { change, events } = beginRoomChange(trx, clock.now());
  for (const room of await listRoomsOf(trx, person.id)) {
    await exitRoom(change, room, { user: person, role: room.role, change: 'left' });
  }
  await revokeEveryInviteOf(trx, person.id, change.at);
  await deleteMentionsOf(trx, person.id);
  return () => {
    for (const event of events) publish(event);
  };
}
