import type { Dialect } from './dialect.ts';
import type { Member } from './member.ts';
import type { Sender } from './own-room-sends.ts';

/** The nodes’ ports, how many members the room has on each of them, and how many people send in rooms of their own. */
export type CrowdPlan = { near: number; far?: number; members: number; senders: number };
export type Crowd = {
  near: Member[];
  far: Member[];
  senders: Sender[];
  dialect: Pick<Dialect, 'encode' | 'isMessage'>;
};
