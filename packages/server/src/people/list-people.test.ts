import type { Page } from '@parlour/protocol/paging';
import type { HouseMember } from '@parlour/protocol/people';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cast, gatherCast } from '../../test/cast.ts';
import { giveRole } from '../../test/give-role.ts';
import { testPassword, type Visitor } from '../../test/visitor.ts';

let cast: Cast;
beforeAll(async () => {
  cast = await gatherCast();
  giveRole(cast.server, cast.ada, 'owner');
  giveRole(cast.server, cast.grace, 'moderator');
});
afterAll(() => cast.server.stop());

const list = (who: Visitor, query = '') => who.request<Page<HouseMember>>('GET', `/api/people${query}`);

test('those who look after the house see everybody in it by name, and nobody’s address (P-HTTP-15, fault 3)', async () => {
  for (const who of [cast.ada, cast.grace]) {
    const { status, body } = await list(who);
    expect(status).toBe(200);
    expect(body.items).toMatchObject([
      { id: cast.ada.id, name: 'Ada', role: 'owner', banned: false, banReason: null },
      { name: 'Grace', role: 'moderator' },
      { name: 'Linus', role: 'member' },
    ]);
    expect(body.next).toBeNull();
    expect(JSON.stringify(body)).not.toContain('@example.org');
  }
});

test('nobody else does', async () => {
  expect(await list(cast.linus)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  expect((await list(cast.server.visit())).status).toBe(401);
});

test('people are found by any part of their name, taken as it is', async () => {
  const names = async (query: string) => (await list(cast.ada, query)).body.items.map(({ name }) => name);
  expect(await names('?query=RAC')).toEqual(['Grace']);
  expect(await names('?query=%25')).toEqual([]);
  expect(await names('?query=_')).toEqual([]);
  expect(await names('?query=%5C')).toEqual([]);
  expect(await names('?query=%20')).toEqual(['Ada', 'Grace', 'Linus']);
});

test('people are found by letters beyond A to Z, in either case', async () => {
  const arne = await cast.server.signUp('Arne');
  await arne.request('PATCH', '/api/account', { name: 'Ärne Öl-Strøm (Ünï)' });
  const found = async (query: string) =>
    (await list(cast.ada, `?query=${encodeURIComponent(query)}`)).body.items.map(({ id }) => id);
  for (const query of ['Ärne', 'ärne', 'ÄRNE ö', 'A\u0308rne', 'STRØM', '(Ünï', 'ÜNÏ']) {
    expect([query, await found(query)]).toEqual([query, [arne.id]]);
  }
  expect(await found('-')).toEqual([arne.id]);
  for (const query of ['ä%', 'Ör']) expect([query, await found(query)]).toEqual([query, []]);
  await arne.request('DELETE', '/api/account', { password: testPassword });
});

test('the list comes in pages', async () => {
  const first = (await list(cast.ada, '?limit=2')).body;
  expect(first.items.map(({ name }) => name)).toEqual(['Ada', 'Grace']);
  const second = (await list(cast.ada, `?limit=2&cursor=${first.next}`)).body;
  expect([second.items.map(({ name }) => name), second.next]).toEqual([['Linus'], null]);
  expect(await list(cast.ada, '?cursor=nonsense')).toMatchObject({ status: 422, body: { code: 'invalid_field' } });
});
