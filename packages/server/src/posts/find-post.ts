import type { Post } from '@parlour/protocol/posts';
import { noSuchPost, type PostDeps, type Poster, toPost } from './post.ts';
import { findPostRow } from './post-store.ts';

/** One post, whole. Throws `post_not_found`. */
export async function findPost({ db }: Pick<PostDeps, 'db'>, reader: Poster, id: string): Promise<Post> {
  const row = await findPostRow(db.kysely, id);
  if (row === undefined) throw noSuchPost();
  return toPost(reader, row);
}
