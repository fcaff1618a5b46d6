import { listQuery } from '@parlour/protocol/paging';
import { changedPost, newPost, post, postList } from '@parlour/protocol/posts';
import type { Hono } from 'hono';
import { type AppEnv, newRoutes } from '../http/http-app.ts';
import { callerOf, requireCaller } from '../http/require-caller.ts';
import { jsonBody, query } from '../http/validate.ts';
import { describe } from '../route-description.ts';
import { createPost } from './create-post.ts';
import { deletePost } from './delete-post.ts';
import { editPost } from './edit-post.ts';
import { findPost } from './find-post.ts';
import { listPosts } from './list-posts.ts';
import type { PostDeps } from './post.ts';

const tag = 'Posts';

export function postRoutes(deps: PostDeps): Hono<AppEnv> {
  return newRoutes()
    .use('/posts/*', requireCaller)
    .get(
      '/posts',
      describe({
        tag,
        summary: 'The posts of the house',
        answers: { 200: { description: 'Newest first, each with its beginning.', schema: postList } },
        refusals: ['invalid_field'],
      }),
      query(listQuery),
      async (c) => c.json(await listPosts(deps, c.req.valid('query'))),
    )
    .post(
      '/posts',
      describe({
        tag,
        summary: 'Publish a post',
        answers: { 201: { description: 'The post.', schema: post } },
        refusals: ['malformed', 'invalid_field'],
      }),
      jsonBody(newPost),
      async (c) => c.json(await createPost(deps, callerOf(c), c.req.valid('json')), 201),
    )
    .get(
      '/posts/:post',
      describe({
        tag,
        summary: 'One post, whole',
        answers: { 200: { description: 'The post.', schema: post } },
        refusals: ['post_not_found'],
      }),
      async (c) => c.json(await findPost(deps, callerOf(c), c.req.param('post'))),
    )
    .patch(
      '/posts/:post',
      describe({
        tag,
        summary: 'Change a post',
        answers: { 200: { description: 'The post as it is now.', schema: post } },
        refusals: ['malformed', 'forbidden', 'post_not_found', 'invalid_field'],
      }),
      jsonBody(changedPost),
      async (c) => c.json(await editPost(deps, callerOf(c), c.req.param('post'), c.req.valid('json'))),
    )
    .delete(
      '/posts/:post',
      describe({
        tag,
        summary: 'Delete a post',
        answers: { 204: { description: 'The post is gone.' } },
        refusals: ['forbidden', 'post_not_found'],
      }),
      async (c) => {
        await deletePost(deps, callerOf(c), c.req.param('post'));
        return c.body(null, 204);
      },
    );
}
