import type { Role } from './accounts.ts';
import type { ErrorCode } from './errors.ts';
import type { Person, RoomEvent } from './events.ts';

export type AuthenticatedFrame = {
  type: 'authenticated';
  user: Person;
  /** When the token ends: renew before, ISO 8601 in UTC. */
  expiresAt: string;
};
/** Answers `join`: the room's head at that moment and who is present; events follow it. */
export type JoinedFrame = { type: 'joined'; room: string; seq: number; members: Person[]; count: number };
export type LeftFrame = { type: 'left'; room: string };
export type AckFrame = { type: 'ack'; id: string; room: string; seq: number; at: string };
export type EventFrame = { type: 'event' } & RoomEvent;
/** Too much was missed, or `after` is beyond the head: drop the room's cache, keep what is unsent, load the last page. */
export type ResetFrame = { type: 'reset'; room: string; seq: number };
export type PresenceFrame = { type: 'presence'; room: string; entered: Person[]; left: string[]; count: number };
export type TypingFrame = { type: 'typing'; room: string; user: Person };
/** What concerns this person in rooms that this socket has not joined. Not durable. */
export type SelfFrame =
  | { type: 'self'; kind: 'unread'; room: string; seq: number; unread: number; mentions: number; readSeq: number }
  | { type: 'self'; kind: 'added'; room: string; name: string; private: boolean }
  | { type: 'self'; kind: 'removed'; room: string }
  /** One may do more or less in the house from now on. */
  | { type: 'self'; kind: 'role'; role: Role };
/** Answers `ping`. */
export type PongFrame = { type: 'pong' };
export type ErrorFrame = {
  type: 'error';
  id?: string;
  room?: string;
  field?: string;
  code: ErrorCode;
  detail: string;
  retryAfter?: number;
};

/** What a server may send: one JSON object a text frame. */
export type ServerFrame =
  | AuthenticatedFrame
  | JoinedFrame
  | LeftFrame
  | AckFrame
  | EventFrame
  | ResetFrame
  | PresenceFrame
  | TypingFrame
  | SelfFrame
  | PongFrame
  | ErrorFrame;
