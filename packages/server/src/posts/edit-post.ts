import type { Post } from '@parlour/protocol/posts';
import { canEdit, noSuchPost, notYourPost, type PostDeps, type Poster, toPost } from './post.ts';
import { findPostRow, updatePost } from './post-store.ts';

/** `undefined` leaves a field as it is. */
export type PostChange = { title?: string | undefined; body?: string | undefined };

/** Changes a post, for its author or an admin. Throws `post_not_found` or `forbidden`. */
export async function editPost({ db, clock }: PostDeps, poster: Poster, id: string, change: PostChange): Promise<Post> {
  // One transaction, so that of two who change different fields at once neither undoes the other.
  return await db.kysely.transaction().execute(async (trx) => {
    const row = await findPostRow(trx, id);
    if (row === undefined) throw noSuchPost();
    if (!canEdit(poster, row.author)) throw notYourPost();
    const { title = row.title, body = row.body } = change;
    if (title === row.title && body === row.body) return toPost(poster, row);
    const changed = { title, body, updatedAt: clock.now() };
    await updatePost(trx, id, changed);
    return toPost(poster, { ...row, ...changed });
  });
}
