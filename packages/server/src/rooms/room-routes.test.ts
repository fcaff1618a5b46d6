import type { Room } from '@parlour/protocol/rooms';
import { memberList, room, roomList } from '@parlour/protocol/rooms';
import { generateSpecs } from 'hono-openapi';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, type Inhabitant, openHouse } from '../../test/open-house.ts';
import { createTestApi, type TestApi } from '../../test/test-api.ts';
import { roomRoutes } from './room-routes.ts';

let house: House;
let api: TestApi;
let ada: Inhabitant;
let grace: Inhabitant;
let linus: Inhabitant;
let lobby: string;
let designers: string;

beforeEach(async () => {
  house = await openHouse();
  api = createTestApi(roomRoutes(house.deps));
  [ada, grace, linus] = [await house.addPerson('Ada'), await house.addPerson('Grace'), await house.addPerson('Linus')];
  lobby = await make('Lobby');
  designers = await make('Designers', true);
});
afterEach(() => house.close());

async function make(name: string, isPrivate = false): Promise<string> {
  const { status, body } = await api.request(ada, 'POST', '/api/rooms', { name, private: isPrivate });
  expect(status).toBe(201);
  return (body as Room).id;
}
const refusal = (status: number, code: string, more = {}) => ({
  status,
  type: 'application/problem+json',
  body: expect.objectContaining({ status, code, detail: expect.any(String), ...more }),
});

describe('the rooms of the API', () => {
  it('are listed, shown, joined and left (C2, A3)', async () => {
    const list = await api.request(grace, 'GET', '/api/rooms');
    expect(list).toMatchObject({ status: 200, body: { items: [{ id: lobby, member: false }], next: null } });
    v.parse(roomList, list.body);
    expect(await api.request(grace, 'POST', `/api/rooms/${lobby}/join`)).toMatchObject({
      status: 200,
      body: { member: true },
    });
    const shown = await api.request(grace, 'GET', `/api/rooms/${lobby}`);
    expect(v.parse(room, shown.body)).toMatchObject({ id: lobby, role: 'member', readSeq: 2 });
    const members = await api.request(grace, 'GET', `/api/rooms/${lobby}/members?limit=1`);
    expect(v.parse(memberList, members.body).items).toMatchObject([{ id: 'ada', role: 'owner' }]);
    expect(await api.request(grace, 'POST', `/api/rooms/${lobby}/leave`)).toMatchObject({
      status: 204,
      body: undefined,
    });
    expect(await api.request(grace, 'GET', `/api/rooms/${lobby}/members`)).toEqual(refusal(403, 'not_a_member'));
  });

  it('take members in and put them out (A3, fault 17)', async () => {
    const path = `/api/rooms/${designers}/members`;
    expect(await api.request(ada, 'POST', path, { user: 'grace' })).toMatchObject({
      status: 201,
      body: { id: 'grace' },
    });
    expect(await api.request(ada, 'POST', path, { user: 'grace' })).toMatchObject({
      status: 200,
      body: { id: 'grace' },
    });
    expect(await api.request(ada, 'POST', path, { user: 'nobody' })).toEqual(refusal(404, 'person_not_found'));
    expect(await api.request(grace, 'DELETE', `${path}/ada`)).toEqual(refusal(403, 'forbidden'));
    expect(await api.request(ada, 'DELETE', `${path}/grace`)).toMatchObject({ status: 204 });
    expect(await api.request(ada, 'DELETE', `${path}/nobody`)).toEqual(refusal(404, 'person_not_found'));
    expect(await api.request(grace, 'GET', path)).toEqual(refusal(404, 'room_not_found'));
  });

  it('cannot be told from rooms that do not exist where one may not see them, at every door (I5, fault 1)', async () => {
    const doors = [
      ['GET', ''],
      ['POST', '/join'],
      ['POST', '/leave'],
      ['GET', '/members'],
      ['POST', '/members', { user: 'linus' }],
      ['DELETE', '/members/ada'],
    ] as const;
    const ownDoors = doors.filter(([method]) => method === 'GET');
    for (const [method, path] of ownDoors) {
      expect(await api.request(ada, method, `/api/rooms/${designers}${path}`)).toMatchObject({ status: 200 });
    }
    for (const [method, path, body] of doors) {
      const hidden = await api.request(linus, method, `/api/rooms/${designers}${path}`, body);
      expect(hidden).toEqual(refusal(404, 'room_not_found'));
      expect(await api.request(linus, method, `/api/rooms/0123456789abcdef${path}`, body)).toEqual(hidden);
    }
  });

  it('answer an unknown room or a missing field with a refusal and not with a crash (fault 4)', async () => {
    for (const id of ['nowhere', '%00', '%ED%A0%80', '1%27%20OR%201=1', 'x'.repeat(2_000)]) {
      expect(await api.request(ada, 'GET', `/api/rooms/${id}`)).toEqual(refusal(404, 'room_not_found'));
    }
    const create = (body: unknown) => api.request(ada, 'POST', '/api/rooms', body);
    for (const name of [undefined, 7, null, '', '  ', 'x'.repeat(61), 'a\nb', '\0', '\ud800']) {
      expect(await create({ name })).toEqual(refusal(422, 'invalid_field', { field: 'name' }));
    }
    expect(await create({ name: 'x', private: 'yes' })).toEqual(refusal(422, 'invalid_field', { field: 'private' }));
    for (const body of ['text', [], null]) expect(await create(body)).toEqual(refusal(400, 'malformed'));
    expect(await api.request(ada, 'POST', `/api/rooms/${lobby}/members`, {})).toEqual(
      refusal(422, 'invalid_field', { field: 'user' }),
    );
    for (const limit of ['0', '101', '-1', 'all']) {
      const list = await api.request(ada, 'GET', `/api/rooms/${lobby}/members?limit=${limit}`);
      expect(list).toEqual(refusal(422, 'invalid_field', { field: 'limit' }));
    }
    expect(await api.request(ada, 'GET', '/api/rooms?cursor=x')).toEqual(
      refusal(422, 'invalid_field', { field: 'cursor' }),
    );
  });

  it('never act for a person whom the request names (fault 2)', async () => {
    await api.request(grace, 'POST', `/api/rooms/${lobby}/join?user=ada`, { user: 'linus', author: 'ada' });
    expect(house.published.at(-1)).toMatchObject({ change: 'joined', user: grace.user });
  });

  it('are closed to whoever is not signed in, before anything is read of the request (fault 1)', async () => {
    expect(await api.request(ada, 'GET', '/api/rooms')).toMatchObject({ status: 200 });
    expect(await api.request(undefined, 'GET', '/api/rooms')).toEqual(refusal(401, 'not_authenticated'));
    expect(await api.request(undefined, 'POST', '/api/rooms', {})).toEqual(refusal(401, 'not_authenticated'));
    expect(await api.request(undefined, 'GET', `/api/rooms/${lobby}`)).toEqual(refusal(401, 'not_authenticated'));
  });

  it('are described from the schemas that they follow', async () => {
    const { paths } = await generateSpecs(api.app);
    expect(Object.keys(paths ?? {}).sort()).toEqual([
      '/api/rooms',
      '/api/rooms/{room}',
      '/api/rooms/{room}/join',
      '/api/rooms/{room}/leave',
      '/api/rooms/{room}/members',
      '/api/rooms/{room}/members/{user}',
    ]);
    const post = paths?.['/api/rooms']?.post;
    expect(post?.requestBody).toBeDefined();
    expect(Object.keys(post?.responses ?? {})).toEqual(['201', '400', '401', '403', '422']);
  });
});
