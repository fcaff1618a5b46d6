import { useCallback, useEffect, useSyncExternalStore } from 'react';
import type { Client, RoomOptions, RoomSnapshot, RoomView } from '../client.ts';

/** `room` is what to act on, `snapshot` what to show. */
export type UsedRoom = { room: RoomView; snapshot: RoomSnapshot };

/**
 * A room that is open as long as the component is mounted; it follows `id`. `options` count when the room is first
 * used: a page rendered on the server shows what `options.history` holds.
 */
export function useRoom(client: Client, id: string, options?: RoomOptions): UsedRoom {
  // No memo needed: a client has one object a room, and looking it up changes nothing.
  const room = client.room(id, options);
  const subscribe = useCallback((changed: () => void) => room.subscribe(changed), [room]);
  const look = () => room.snapshot;
  const snapshot = useSyncExternalStore(subscribe, look, look);
  useEffect(() => {
    room.open();
    return () => room.close();
  }, [room]);
  return { room, snapshot };
}
