import type { Post } from '@parlour/protocol/posts';
import { newId } from '../ids.ts';
import { type PostDeps, type Poster, toPost } from './post.ts';
import { insertPost } from './post-store.ts';

/** Publishes a post for everybody in the house. */
export async function createPost(
  { db, clock }: PostDeps,
  author: Poster,
  { title, body }: { title: string; body: string },
): Promise<Post> {
  const now = clock.now();
  const row = { id: newId(), title, body, author: author.user.id, createdAt: now, updatedAt: now };
  await insertPost(db.kysely, row);
  return toPost(author, { ...row, authorName: author.user.name });
}
