import type { Client, SelfFrame } from '@parlour/client';
import { useCallback, useEffect, useState } from 'react';

export type Room = { id: string; name: string; member: boolean; unread: number };

/** The rooms as `GET /api/rooms` gives them, kept right by the personal stream; after each reconnect it asks again. */
export function useRooms(client: Client) {
  const [rooms, setRooms] = useState<Room[]>([]);

  const load = useCallback(async () => {
    try {
      setRooms((await client.api.request<{ items: Room[] }>('GET', '/api/rooms')).items);
    } catch {
      // The connection tells what is wrong, and asks again when it is back.
    }
  }, [client]);

  useEffect(() => {
    const changed = (frame: SelfFrame) => {
      if (frame.kind === 'unread') setRooms((before) => before.map((room) => withUnread(room, frame)));
      else void load();
    };
    const stops = [
      client.on('self', changed),
      client.on('state', ({ name }) => {
        if (name === 'ready') void load();
      }),
    ];
    void load();
    return () => {
      for (const stop of stops) stop();
    };
  }, [client, load]);

  const join = async (id: string) => {
    await client.api.request('POST', `/api/rooms/${id}/join`);
    await load();
  };
  return { rooms, join };
}

function withUnread(room: Room, { room: id, unread }: { room: string; unread: number }): Room {
  return room.id === id ? { ...room, unread } : room;
}
