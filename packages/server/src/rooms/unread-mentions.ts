import type { ExpressionBuilder } from 'kysely';
import type { Tables } from '../database/tables.ts';

/** How many messages after the last one read mention the member, as a subquery beside their membership. */
export function unreadMentions(eb: ExpressionBuilder<Tables, 'rooms' | 'members'>) {
  return eb
    .selectFrom('mentions')
    .whereRef('mentions.user', '=', 'members.user')
    .whereRef('mentions.room', '=', 'members.room')
    .whereRef('mentions.seq', '>', 'members.readSeq')
    .select(({ fn }) => fn.countAll<number>().as('count'));
}
