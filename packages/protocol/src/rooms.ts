import * as v from 'valibot';
import { limits } from './limits.ts';
import { limitUpTo, page, pageCursor } from './paging.ts';
import { line } from './text.ts';

export const person = v.object({ id: v.string(), name: v.string() });

/** A room as one person sees it. */
export const room = v.object({
  id: v.string(),
  name: v.string(),
  private: v.boolean(),
  /** Whether the person is a member; only members read and write. */
  member: v.boolean(),
  /** The person's role in the room, null for those who are not in it. */
  role: v.nullable(v.picklist(['owner', 'member'])),
  /** The room's head: the number of its last event. */
  seq: v.number(),
  /** Messages after the one read last, and those among them that mention the person. */
  unread: v.number(),
  mentions: v.number(),
  /** The last event that the person has read. */
  readSeq: v.number(),
});
export type Room = v.InferOutput<typeof room>;

export const roomList = page(room, v.string());
/** One page holds every room of all but the largest houses: a client loads the whole list after each reconnect. */
export const roomListQuery = v.object({ cursor: pageCursor, limit: limitUpTo(limits.roomPage) });

export const newRoom = v.object({
  name: line('The name', limits.roomNameCharacters),
  private: v.optional(v.boolean(), false),
});

export const member = v.object({ ...person.entries, role: v.picklist(['owner', 'member']), joinedAt: v.string() });
/** A member of a room; lists give the owner first, then by name. */
export type Member = v.InferOutput<typeof member>;
export const memberList = page(member, v.string());

export const newMember = v.object({ user: v.pipe(v.string(), v.minLength(1), v.maxLength(64)) });
