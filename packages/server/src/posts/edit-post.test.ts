import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, type Inhabitant, openHouse } from '../../test/open-house.ts';
import { createPost } from './create-post.ts';
import { deletePost } from './delete-post.ts';
import { editPost } from './edit-post.ts';
import { findPost } from './find-post.ts';

let house: House;
let ada: Inhabitant;
let grace: Inhabitant;
let admin: Inhabitant;
let id: string;

beforeEach(async () => {
  house = await openHouse();
  ada = await house.addPerson('Ada');
  grace = await house.addPerson('Grace', 'moderator');
  admin = await house.addPerson('Admin', 'admin');
  id = (await createPost(house.deps, ada, { title: 'Hello', body: 'First\n\npost' })).id;
});
afterEach(() => house.close());

describe('a post', () => {
  it('shows to everybody, and tells who may change it (D5, fault 3)', async () => {
    const at = new Date(house.time.now).toISOString();
    const shown = { id, title: 'Hello', body: 'First\n\npost', author: ada.user, createdAt: at, updatedAt: at };
    expect(await findPost(house.deps, ada, id)).toEqual({ ...shown, canEdit: true });
    expect(await findPost(house.deps, grace, id)).toEqual({ ...shown, canEdit: false });
    expect(await findPost(house.deps, admin, id)).toEqual({ ...shown, canEdit: true });
    await expect(findPost(house.deps, ada, 'unknown')).rejects.toMatchObject({ code: 'post_not_found' });
  });

  it('is changed by its author or an admin, and by nobody else (D5, fault 2)', async () => {
    const { createdAt } = await findPost(house.deps, ada, id);
    house.time.now += 1000;
    const updatedAt = new Date(house.time.now).toISOString();
    expect(await editPost(house.deps, ada, id, { title: 'Hi' })).toMatchObject({ title: 'Hi', body: 'First\n\npost' });
    expect(await editPost(house.deps, admin, id, { body: 'Second' })).toMatchObject({ createdAt, updatedAt });
    await expect(editPost(house.deps, grace, id, { title: 'Mine' })).rejects.toMatchObject({ code: 'forbidden' });
    expect(await findPost(house.deps, grace, id)).toMatchObject({ title: 'Hi', body: 'Second', author: ada.user });
  });

  it('keeps both where two people change different fields at once (D5)', async () => {
    await Promise.all([
      editPost(house.deps, ada, id, { title: 'Hers' }),
      editPost(house.deps, admin, id, { body: 'Theirs' }),
    ]);
    expect(await findPost(house.deps, ada, id)).toMatchObject({ title: 'Hers', body: 'Theirs' });
  });

  it('does not count as changed when nothing is (D5)', async () => {
    const before = await findPost(house.deps, ada, id);
    house.time.now += 1000;
    expect(await editPost(house.deps, ada, id, { title: 'Hello' })).toEqual(before);
    expect(await editPost(house.deps, ada, id, {})).toEqual(before);
  });

  it('is deleted by its author or an admin, and by nobody else (D5, fault 2)', async () => {
    const other = await createPost(house.deps, ada, { title: 'Other', body: 'text' });
    await expect(deletePost(house.deps, grace, id)).rejects.toMatchObject({ code: 'forbidden' });
    await deletePost(house.deps, ada, id);
    await deletePost(house.deps, admin, other.id);
    await expect(findPost(house.deps, ada, id)).rejects.toMatchObject({ code: 'post_not_found' });
    await expect(deletePost(house.deps, ada, id)).rejects.toMatchObject({ code: 'post_not_found' });
    await expect(editPost(house.deps, ada, id, { title: 'x' })).rejects.toMatchObject({ code: 'post_not_found' });
  });

  it('outlives its author’s account', async () => {
    await house.deps.db.kysely.deleteFrom('user').where('id', '=', 'ada').execute();
    expect(await findPost(house.deps, grace, id)).toMatchObject({ author: { id: 'ada', name: 'Former member' } });
  });
});
