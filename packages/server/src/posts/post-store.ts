import { type Kysely, sql } from 'kysely';
import type { Tables } from '../database/tables.ts';
import type { PostRow } from './post.ts';

type Queries = Kysely<Tables>;

export type PostListRow = Omit<PostRow, 'body'> & { number: number; beginning: string };

function postsWithAuthors(db: Queries) {
  return db
    .selectFrom('posts')
    .leftJoin('user', 'user.id', 'posts.author')
    .select(['posts.id', 'posts.title', 'posts.author', 'user.name as authorName'])
    .select(['posts.createdAt', 'posts.updatedAt']);
}

export function findPostRow(db: Queries, id: string): Promise<PostRow | undefined> {
  return postsWithAuthors(db).select('posts.body').where('posts.id', '=', id).executeTakeFirst();
}

/** Newest first, each with the first characters of its text and not the whole. */
export function listPostRows(
  db: Queries,
  before: number | undefined,
  { limit, characters }: { limit: number; characters: number },
): Promise<PostListRow[]> {
  let query = postsWithAuthors(db)
    .select(['posts.number', sql<string>`substr(posts.body, 1, ${sql.lit(characters)})`.as('beginning')])
    .orderBy('posts.number', 'desc')
    .limit(limit);
  if (before !== undefined) query = query.where('posts.number', '<', before);
  return query.execute();
}

export async function insertPost(db: Queries, post: Omit<PostRow, 'authorName'>): Promise<void> {
  await db.insertInto('posts').values(post).execute();
}

export async function updatePost(
  trx: Queries,
  id: string,
  change: { title: string; body: string; updatedAt: number },
): Promise<void> {
  await trx.updateTable('posts').set(change).where('id', '=', id).execute();
}

export async function deletePostRow(db: Queries, id: string): Promise<void> {
  await db.deleteFrom('posts').where('id', '=', id).execute();
}
