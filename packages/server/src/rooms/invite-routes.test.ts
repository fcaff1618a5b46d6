import {
  acceptedInvite,
  type CreatedInvite,
  createdInvite,
  inviteList,
  invitePreview,
} from '@parlour/protocol/invites';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, type Inhabitant, openHouse } from '../../test/open-house.ts';
import { createTestApi, type TestApi } from '../../test/test-api.ts';
import { createRoom } from './create-room.ts';
import { inviteRoutes } from './invite-routes.ts';

let house: House;
let api: TestApi;
let ada: Inhabitant;
let grace: Inhabitant;
let designers: string;

beforeEach(async () => {
  house = await openHouse();
  api = createTestApi(inviteRoutes(house.deps));
  [ada, grace] = [await house.addPerson('Ada'), await house.addPerson('Grace')];
  designers = (await createRoom(house.deps, ada.user, { name: 'Designers', private: true })).id;
});
afterEach(() => house.close());

const invite = async (terms: object = {}): Promise<CreatedInvite> => {
  const { status, body } = await api.request(ada, 'POST', `/api/rooms/${designers}/invites`, terms);
  expect(status).toBe(201);
  return v.parse(createdInvite, body);
};
const refusal = (status: number, code: string, more = {}) => ({
  status,
  type: 'application/problem+json',
  body: expect.objectContaining({ status, code, ...more }),
});

describe('the invites of the API', () => {
  it('are made, looked at, accepted, listed and taken back (A2)', async () => {
    const made = await invite();
    expect(made).toMatchObject({ room: designers, maxUses: null, url: `https://house.example/join/${made.code}` });
    expect(Date.parse(made.expiresAt) - Date.parse(made.createdAt)).toBe(7 * 24 * 3_600_000);
    const preview = await api.request(grace, 'GET', `/api/invites/${made.code}`);
    expect(v.parse(invitePreview, preview.body)).toMatchObject({ roomName: 'Designers', invitedBy: 'Ada' });
    const accepted = await api.request(grace, 'POST', `/api/invites/${made.code}/accept`);
    expect(accepted.status).toBe(200);
    expect(v.parse(acceptedInvite, accepted.body)).toEqual({ room: designers, name: 'Designers' });
    const list = await api.request(ada, 'GET', `/api/rooms/${designers}/invites`);
    expect(v.parse(inviteList, list.body).items).toMatchObject([{ id: made.id, uses: 1 }]);
    const revoked = await api.request(ada, 'DELETE', `/api/rooms/${designers}/invites/${made.id}`);
    expect(revoked).toMatchObject({ status: 204 });
    expect(await api.request(undefined, 'GET', `/api/invites/${made.code}`)).toEqual(refusal(410, 'invite_revoked'));
  });

  it('can be looked at before signing in, and accepted only after (A2, fault 1)', async () => {
    const { code } = await invite({ maxUses: 1 });
    for (let look = 0; look < 3; look += 1) {
      expect(await api.request(undefined, 'GET', `/api/invites/${code}`)).toMatchObject({ status: 200 });
    }
    const anonymous = await api.request(undefined, 'POST', `/api/invites/${code}/accept`);
    expect(anonymous).toEqual(refusal(401, 'not_authenticated'));
    expect(await api.request(grace, 'POST', `/api/invites/${code}/accept`)).toMatchObject({ status: 200 });
  });

  it('show no address and no room’s number to whoever holds the link (fault 3)', async () => {
    const { code } = await invite();
    const { body } = await api.request(undefined, 'GET', `/api/invites/${code}`);
    expect(Object.keys(body as object).sort()).toEqual(['expiresAt', 'invitedBy', 'roomName']);
  });

  it('are refused with the field at fault, and never with a crash (fault 4)', async () => {
    const bad = { expiresIn: [59, 31_536_001, 1.5, '60', null], maxUses: [0, 10_001, 2.5, '1'] };
    for (const [field, values] of Object.entries(bad)) {
      for (const value of values) {
        const answer = await api.request(ada, 'POST', `/api/rooms/${designers}/invites`, { [field]: value });
        expect(answer).toEqual(refusal(422, 'invalid_field', { field }));
      }
    }
    for (const code of ['unknown', '%00', '%ED%A0%80', 'x'.repeat(4_000)]) {
      expect(await api.request(grace, 'GET', `/api/invites/${code}`)).toEqual(refusal(404, 'invite_not_found'));
      expect(await api.request(grace, 'POST', `/api/invites/${code}/accept`)).toEqual(refusal(404, 'invite_not_found'));
    }
  });

  it('tell nothing of a room that one may not see (I5)', async () => {
    const { id } = await invite();
    for (const room of [designers, 'nowhere']) {
      for (const [method, path] of [
        ['GET', ''],
        ['POST', ''],
        ['DELETE', `/${id}`],
      ] as const) {
        const body = method === 'POST' ? {} : undefined;
        const answer = await api.request(grace, method, `/api/rooms/${room}/invites${path}`, body);
        expect(answer).toEqual(refusal(404, 'room_not_found'));
      }
    }
  });
});
