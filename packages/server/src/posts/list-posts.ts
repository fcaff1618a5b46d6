import { limits } from '@parlour/protocol/limits';
import type { ListQuery, Page } from '@parlour/protocol/paging';
import type { PostSummary } from '@parlour/protocol/posts';
import * as v from 'valibot';
import { readCursor, toPage } from '../cursor.ts';
import { makeExcerpt } from './make-excerpt.ts';
import { describePost, type PostDeps } from './post.ts';
import { listPostRows } from './post-store.ts';

const key = v.strictTuple([v.pipe(v.number(), v.safeInteger())]);
/** Enough to make an excerpt of, also where much of it is white space. */
const charactersRead = 1_000;

/** The posts of the house, newest first. */
export async function listPosts(
  { db }: Pick<PostDeps, 'db'>,
  { cursor, limit = limits.pageDefault }: ListQuery = {},
): Promise<Page<PostSummary>> {
  const [before] = cursor === undefined ? [] : readCursor(key, cursor);
  const rows = await listPostRows(db.kysely, before, { limit: limit + 1, characters: charactersRead });
  return toPage(rows, limit, {
    item: (row) => ({ ...describePost(row), excerpt: makeExcerpt(row.beginning) }),
    key: (row) => [row.number],
  });
}
