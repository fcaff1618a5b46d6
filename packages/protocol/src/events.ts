/** A person as others see them. Never an address. */
export type Person = { id: string; name: string };

type EventBase = {
  room: string;
  /** The event's number in its room: 1, 2, 3 … without a gap. */
  seq: number;
  /** When it was committed, ISO 8601 in UTC. */
  at: string;
};

export type MessageEvent = EventBase & {
  event: 'message';
  /** The sender's own id for it, unique for the author. */
  id: string;
  author: Person;
  body: string;
  data?: unknown;
  /** The message's ordinal among the room's messages; unread counts are differences of it. */
  position: number;
};

export type MemberChange = 'created' | 'joined' | 'invited' | 'added' | 'left' | 'removed';

export type MemberEvent = EventBase & {
  event: 'member';
  change: MemberChange;
  user: Person;
  /** Who did it, where that was somebody else. */
  by?: Person;
};

/** A durable change of a room. A client ignores kinds that it does not know and still counts their `seq`. */
export type RoomEvent = MessageEvent | MemberEvent;
export type RoomEventKind = RoomEvent['event'];
