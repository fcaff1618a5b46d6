import { type ComputedRef, computed, type MaybeRefOrGetter, onMounted, onUnmounted, type ShallowRef } from 'vue';
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
export type ParlourOptions = ClientOptions & RoomOptions & { room: MaybeRefOrGetter<string>; client?: Client };

export type UsedParlour = {
  /** Sends a message, or queues it as long as `readyState` is not `ready`. */
  send: (body: string, data?: unknown) => PendingMessage;
  /** The room's newest event. */
  data: ComputedRef<RoomEvent | undefined>;
  /** `ready` only when authenticated. */
  readyState: ComputedRef<ConnectionName>;
  connection: Readonly<ShallowRef<ConnectionState>>;
  room: UsedRoom;
};

/** One room over a connection of its own, from mounting to unmounting; nothing fires after that (B7). */
export function useParlour(options: ParlourOptions): UsedParlour {
  const client = options.client ?? createClient(options);
  const connection = useConnection(client);
  const room = useRoom(client, options.room, options);
  if (!options.client) {
    onMounted(() => client.connect());
    onUnmounted(() => client.close());
  }
  return {
    send: (body, data) => room.room.value.send(body, data),
    data: computed(() => room.events.value.at(-1)),
    readyState: computed(() => connection.value.name),
    connection,
    room,
  };
}
