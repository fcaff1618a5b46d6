import * as v from 'valibot';
import { limits } from './limits.ts';
import { page } from './paging.ts';
import { person } from './rooms.ts';
import { line, prose } from './text.ts';

export const newPost = v.object({
  title: line('The title', limits.titleCharacters),
  body: prose('The text', limits.postCharacters),
});
export const changedPost = v.partial(newPost);

export const post = v.object({
  id: v.string(),
  title: v.string(),
  body: v.string(),
  author: person,
  createdAt: v.string(),
  updatedAt: v.string(),
  /** Whether the caller may change and delete it. */
  canEdit: v.boolean(),
});
export type Post = v.InferOutput<typeof post>;

/** A post in the list: its beginning instead of the whole. */
export const postSummary = v.object({ ...v.omit(post, ['body', 'canEdit']).entries, excerpt: v.string() });
export type PostSummary = v.InferOutput<typeof postSummary>;
export const postList = page(postSummary, v.string());
