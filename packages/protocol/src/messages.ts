import * as v from 'valibot';
import { messageData } from './commands.ts';
import { messageId } from './ids.ts';
import { page, pageLimit } from './paging.ts';
import { person } from './rooms.ts';

export const newMessage = v.object({
  id: messageId,
  body: v.string('A body must be text.'),
  data: v.optional(messageData),
});
export const sentMessage = v.object({ id: v.string(), room: v.string(), seq: v.number(), at: v.string() });
export type SentMessage = v.InferOutput<typeof sentMessage>;

const seqCursor = v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}$/, 'A cursor is a seq.'), v.transform(Number)));
/** `before` pages back from a seq, `after` forward; without either, the last page. */
export const historyQuery = v.pipe(
  v.object({ before: seqCursor, after: seqCursor, limit: pageLimit }),
  v.check((query) => query.before === undefined || query.after === undefined, 'Give `before` or `after`, not both.'),
);

const base = { room: v.string(), seq: v.number(), at: v.string() };
export const roomEvent = v.variant('event', [
  v.object({
    ...base,
    event: v.literal('message'),
    id: v.string(),
    author: person,
    body: v.string(),
    data: v.optional(v.unknown()),
    position: v.number(),
  }),
  v.object({
    ...base,
    event: v.literal('member'),
    change: v.picklist(['created', 'joined', 'invited', 'added', 'left', 'removed']),
    user: person,
    by: v.optional(person),
  }),
]);
/** One page of a room's events, from old to new whichever way it pages. `next` goes on in the same direction. */
export const history = page(roomEvent, v.number());
