import type { RoomEvent } from '@parlour/protocol/events';

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Why a fan-out reaches no other node at the moment, as a sentence. */
export type FanoutState = { name: 'ready' } | { name: 'degraded'; reason: string };

export type FanoutListener = {
  /** A committed event of a room, of this node or another. */
  event(event: RoomEvent): void;
  /** What another node published about the presence in a room. `node` is its id. False where it means nothing here. */
  presence?(room: string, message: JsonValue, node: string): boolean;
  /** What another node published for all. False where it means nothing here. */
  control?(message: JsonValue, node: string): boolean;
  /** From now on other nodes are heard about these watched rooms: what they published just before is lost. */
  onHearing?(rooms: readonly string[]): void;
  /** Other nodes are reached again: whatever they published meanwhile is lost and has to be looked up. */
  onReconnect?(): void;
  /** Others are reached again by this node, after something that it published was lost: they cannot know. */
  onDropped?(): void;
};

/**
 * Carries hints between nodes: that an event was committed, that somebody came or went. It may drop, double or reorder,
 * because every node compares with the database.
 */
export type Fanout = {
  /** To every node that watches the event's room. This node hears it at once, by a plain call, watching or not. */
  publish(event: RoomEvent): void;
  /** What is not durable, to the other nodes that watch the room. */
  publishPresence(room: string, message: JsonValue): void;
  /** To every other node. */
  publishControl(message: JsonValue): void;
  /** From here on this node wants what others publish about the room, until as many calls of `unwatch`. */
  watch(room: string): void;
  unwatch(room: string): void;
  listen(listener: FanoutListener): void;
  readonly state: FanoutState;
  close(): Promise<void>;
};
