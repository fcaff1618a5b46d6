import { useCallback, useEffect, useMemo } from 'react';
import {
  type Client,
  type ClientOptions,
  type ConnectionName,
  type ConnectionState,
  createClient,
  type PendingMessage,
  type RoomEvent,
  type RoomOptions,
} from '../client.ts';
import { useConnection } from './use-connection.ts';
import { type UsedRoom, useRoom } from './use-room.ts';

/** `client` is one that is there already: it is then neither connected nor closed from here. */
export type ParlourOptions = ClientOptions & RoomOptions & { room: string; client?: Client };

export type UsedParlour = {
  /** Sends a message, or queues it as long as `readyState` is not `ready`. */
  send: (body: string, data?: unknown) => PendingMessage;
  /** The room's newest event. */
  data: RoomEvent | undefined;
  /** `ready` only when authenticated. */
  readyState: ConnectionName;
  connection: ConnectionState;
  room: UsedRoom;
};

/**
 * One room over a connection of its own, from mounting to unmounting; nothing fires after that (B7). A new `url` means
 * a new connection; the other options count when it is made.
 */
export function useParlour(options: ParlourOptions): UsedParlour {
  const { client: given, url, room: id } = options;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each render brings a new options object; only another url or client is a change
  const client = useMemo(() => given ?? createClient(options), [given, url]);
  const connection = useConnection(client);
  const room = useRoom(client, id, options);
  useEffect(() => {
    if (given) return;
    client.connect();
    return () => client.close();
  }, [given, client]);
  const send = useCallback((body: string, data?: unknown) => room.room.send(body, data), [room.room]);
  return { send, data: room.snapshot.events.at(-1), readyState: connection.name, connection, room };
}
