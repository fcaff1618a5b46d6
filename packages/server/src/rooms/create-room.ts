import type { Person } from '@parlour/protocol/events';
import type { Room } from '@parlour/protocol/rooms';
import { newId } from '../ids.ts';
import { changeRoom } from './change-room.ts';
import { enterRoom } from './enter-room.ts';
import { showRoom } from './list-rooms.ts';
import type { RoomDeps } from './room.ts';
import { insertRoom } from './room-store.ts';

/** Makes a room. Its maker is its owner and first member. Two rooms may have one name: a private one must not show by it. */
export async function createRoom(
  deps: RoomDeps,
  maker: Person,
  { name, private: isPrivate }: { name: string; private: boolean },
): Promise<Room> {
  const id = newId();
  await changeRoom(deps, async (change) => {
    const number = await insertRoom(change.trx, { id, name, private: isPrivate, createdAt: change.at });
    await enterRoom(change, { number, id }, { user: maker, change: 'created', role: 'owner' });
  });
  return showRoom(deps, maker, id);
}
