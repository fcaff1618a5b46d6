import type { MemberEvent } from '@parlour/protocol/events';
import * as v from 'valibot';
import type { JsonValue } from './fanout/fanout.ts';

const person = v.object({ id: v.string(), name: v.string() });
const news = v.variant('kind', [
  /** The revocation log has something new. */
  v.object({ kind: v.literal('revoked') }),
  /** Somebody came into a room or left it: their node may not watch that room yet. */
  v.object({
    kind: v.literal('member'),
    event: v.looseObject({
      room: v.string(),
      seq: v.number(),
      event: v.literal('member'),
      change: v.string(),
      user: person,
    }),
  }),
  /** Messages were written in these rooms: what is unread there may have changed. */
  v.object({ kind: v.literal('messages'), rooms: v.array(v.string()) }),
  /** People's own read state moved. */
  v.object({ kind: v.literal('marks'), marks: v.array(v.tuple([v.string(), v.string()])) }),
  v.object({ kind: v.literal('renamed'), person }),
  /** Some of this was lost on its way from the node that says so. */
  v.object({ kind: v.literal('missed') }),
  v.object({ kind: v.literal('beat'), beat: v.picklist(['alive', 'stopping']) }),
]);

/** What a node tells all others. Hints: whatever is lost is found in the database, or told again. */
export type NodeNews = Exclude<v.InferOutput<typeof news>, { kind: 'member' }> | { kind: 'member'; event: MemberEvent };

/** Undefined for what a newer node says and this one does not know. */
export function readNodeNews(message: JsonValue): NodeNews | undefined {
  const parsed = v.safeParse(news, message);
  return parsed.success ? (parsed.output as NodeNews) : undefined;
}
