import { canEdit, noSuchPost, notYourPost, type PostDeps, type Poster } from './post.ts';
import { deletePostRow, findPostRow } from './post-store.ts';

/** Deletes a post, for its author or an admin. Throws `post_not_found` or `forbidden`. */
export async function deletePost({ db }: Pick<PostDeps, 'db'>, poster: Poster, id: string): Promise<void> {
  const row = await findPostRow(db.kysely, id);
  if (row === undefined) throw noSuchPost();
  if (!canEdit(poster, row.author)) throw notYourPost();
  await deletePostRow(db.kysely, id);
}
