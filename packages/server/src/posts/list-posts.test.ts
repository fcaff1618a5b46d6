import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, type Inhabitant, openHouse } from '../../test/open-house.ts';
import { createPost } from './create-post.ts';
import { deletePost } from './delete-post.ts';
import { listPosts } from './list-posts.ts';

let house: House;
let ada: Inhabitant;

beforeEach(async () => {
  house = await openHouse();
  ada = await house.addPerson('Ada');
});
afterEach(() => house.close());

const post = (title: string, body = 'text') => createPost(house.deps, ada, { title, body });
const titles = (items: { title: string }[]) => items.map(({ title }) => title);

describe('the list of posts', () => {
  it('begins with the newest and goes on by its cursor, whatever comes and goes in between (D5)', async () => {
    for (const title of ['one', 'two', 'three', 'four']) await post(title);
    const first = await listPosts(house.deps, { limit: 2 });
    expect(titles(first.items)).toEqual(['four', 'three']);
    await deletePost(house.deps, ada, first.items[1]?.id ?? '');
    await post('five');
    const second = await listPosts(house.deps, { limit: 2, cursor: first.next ?? '' });
    expect(titles(second.items)).toEqual(['two', 'one']);
    expect(second.next).toBeNull();
    await expect(listPosts(house.deps, { cursor: 'nonsense' })).rejects.toMatchObject({ code: 'invalid_field' });
  });

  it('is empty in a new house (D5)', async () => {
    expect(await listPosts(house.deps)).toEqual({ items: [], next: null });
  });

  it('gives the beginning of a long text and not the whole (D5, D6)', async () => {
    await post('long', `  First line\n\nsecond line ${'🎉 words and '.repeat(3_000)}`);
    const { items } = await listPosts(house.deps);
    expect(items[0]?.excerpt).toMatch(/^First line second line 🎉 words and .*\S…$/);
    expect(items[0]).not.toHaveProperty('body');
    expect(Array.from(items[0]?.excerpt ?? '').length).toBeLessThanOrEqual(281);
  });
});
