import type { Role } from '@parlour/protocol/accounts';
import { ParlourError } from '@parlour/protocol/errors';
import type { Person } from '@parlour/protocol/events';
import { can } from '@parlour/protocol/permissions';
import type { Post } from '@parlour/protocol/posts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';

export type PostDeps = { db: Database; clock: Clock };

/** Who reads or writes, and what they are in the house. */
export type Poster = { user: Person; role: Role };

/** A post as it is stored, with its author's present name (null when the account is gone). */
export type PostRow = {
  id: string;
  title: string;
  body: string;
  author: string;
  authorName: string | null;
  createdAt: number;
  updatedAt: number;
};

export function canEdit(poster: Poster, authorId: string): boolean {
  return poster.user.id === authorId || can(poster.role, 'editPosts');
}

export function toPost(poster: Poster, { body, ...row }: PostRow): Post {
  return { ...describePost(row), body, canEdit: canEdit(poster, row.author) };
}

/** What the page of a post and the list of posts have in common. */
export function describePost({ id, title, author, authorName, createdAt, updatedAt }: Omit<PostRow, 'body'>) {
  return {
    id,
    title,
    author: { id: author, name: authorName ?? 'Former member' },
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  };
}

export function noSuchPost(): ParlourError {
  return new ParlourError('post_not_found', 'There is no such post. It may have been deleted.');
}

export function notYourPost(): ParlourError {
  return new ParlourError('forbidden', 'Only the author of a post or an admin may change it.');
}
