import { type Post, post, postList } from '@parlour/protocol/posts';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, type Inhabitant, openHouse } from '../../test/open-house.ts';
import { createTestApi, type TestApi } from '../../test/test-api.ts';
import { postRoutes } from './post-routes.ts';

let house: House;
let api: TestApi;
let ada: Inhabitant;
let grace: Inhabitant;

beforeEach(async () => {
  house = await openHouse();
  api = createTestApi(postRoutes(house.deps));
  [ada, grace] = [await house.addPerson('Ada'), await house.addPerson('Grace')];
});
afterEach(() => house.close());

const publish = async (title: string): Promise<Post> => {
  const { status, body } = await api.request(ada, 'POST', '/api/posts', { title, body: 'text' });
  expect(status).toBe(201);
  return v.parse(post, body);
};
const refusal = (status: number, code: string, more = {}) => ({
  status,
  type: 'application/problem+json',
  body: expect.objectContaining({ status, code, ...more }),
});

describe('the posts of the API', () => {
  it('are published, listed page by page, read, changed and deleted (D5, D6)', async () => {
    for (const title of ['one', 'two', 'three']) await publish(title);
    const first = v.parse(postList, (await api.request(grace, 'GET', '/api/posts?limit=2')).body);
    expect(first.items.map(({ title }) => title)).toEqual(['three', 'two']);
    const rest = await api.request(grace, 'GET', `/api/posts?limit=2&cursor=${first.next}`);
    expect(v.parse(postList, rest.body)).toMatchObject({ items: [{ title: 'one' }], next: null });
    const path = `/api/posts/${first.items[0]?.id}`;
    expect(await api.request(grace, 'GET', path)).toMatchObject({
      status: 200,
      body: { body: 'text', canEdit: false },
    });
    const changed = await api.request(ada, 'PATCH', path, { title: 'four' });
    expect(v.parse(post, changed.body)).toMatchObject({ title: 'four', body: 'text', canEdit: true });
    expect(await api.request(ada, 'DELETE', path)).toMatchObject({ status: 204 });
    expect(await api.request(ada, 'GET', path)).toEqual(refusal(404, 'post_not_found'));
  });

  it('belong to their author, whatever the request says (D5, fault 2)', async () => {
    const body = { title: 'hers', body: 'text', author: 'grace', id: 'mine' };
    expect(await api.request(ada, 'POST', '/api/posts', body)).toMatchObject({ body: { author: ada.user } });
    const { id } = await publish('one');
    expect(await api.request(grace, 'PATCH', `/api/posts/${id}`, { title: 'x' })).toEqual(refusal(403, 'forbidden'));
    expect(await api.request(grace, 'DELETE', `/api/posts/${id}`)).toEqual(refusal(403, 'forbidden'));
    const changed = await api.request(ada, 'PATCH', `/api/posts/${id}`, { author: 'grace', createdAt: 0 });
    expect(changed).toMatchObject({ status: 200, body: { author: ada.user, title: 'one' } });
  });

  it('need a login (D5, fault 1)', async () => {
    const { id } = await publish('one');
    expect(await api.request(ada, 'GET', '/api/posts')).toMatchObject({ status: 200 });
    for (const [method, path] of [
      ['GET', ''],
      ['POST', ''],
      ['GET', `/${id}`],
      ['PATCH', `/${id}`],
      ['DELETE', `/${id}`],
    ] as const) {
      const sent = method === 'POST' || method === 'PATCH' ? {} : undefined;
      const answer = await api.request(undefined, method, `/api/posts${path}`, sent);
      expect(answer).toEqual(refusal(401, 'not_authenticated'));
    }
  });

  it('are refused with the field at fault, and never with a crash (fault 4)', async () => {
    const { id } = await publish('one');
    const bad = {
      title: ['', ' ', 'x'.repeat(201), 'a\nb', 7, '\0'],
      body: ['', '\n', 'x'.repeat(40_001), null, '\ud800'],
    };
    for (const [field, values] of Object.entries(bad)) {
      for (const value of values) {
        const fields = { title: 'fine', body: 'fine', [field]: value };
        const expected = refusal(422, 'invalid_field', { field });
        expect(await api.request(ada, 'POST', '/api/posts', fields)).toEqual(expected);
        expect(await api.request(ada, 'PATCH', `/api/posts/${id}`, fields)).toEqual(expected);
      }
    }
    expect(await api.request(ada, 'POST', '/api/posts', { title: 'x' })).toEqual(
      refusal(422, 'invalid_field', { field: 'body' }),
    );
    for (const unknown of ['nothing', '%00', '%ED%A0%80']) {
      expect(await api.request(ada, 'GET', `/api/posts/${unknown}`)).toEqual(refusal(404, 'post_not_found'));
    }
    expect(await api.request(ada, 'GET', '/api/posts?cursor=WyJ4Il0')).toEqual(
      refusal(422, 'invalid_field', { field: 'cursor' }),
    );
  });
});
