import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byHand } from '../by-hand.ts';
import { type Cast, gatherCast } from '../cast.ts';
import { badTokens, forgeToken } from '../forge-token.ts';

type Minted = { token: string; expiresAt: string };

describe('tokens', () => {
  let cast: Cast;
  beforeAll(async () => {
    cast = await gatherCast();
  });
  afterAll(() => cast.server.stop());

  const accountBy = (token: string) =>
    cast.server.visit().request('GET', '/api/rooms', undefined, { authorization: `Bearer ${token}` });

  test('P-TOKEN-1, A8: names person, grant, audience and end, and verifies with the published keys', async () => {
    const { status, body } = await cast.ada.request<Minted>('GET', '/api/auth/token');
    expect(status).toBe(200);
    const keys = (await cast.server.visit().request<JSONWebKeySet>('GET', '/api/auth/jwks')).body;
    const currentDate = new Date(cast.clock.now());
    const { payload, protectedHeader } = await jwtVerify(body.token, createLocalJWKSet(keys), { currentDate });
    expect(protectedHeader.alg).toBe('EdDSA');
    expect(payload).toEqual({
      sub: cast.ada.id,
      sid: expect.any(String),
      aud: `${cast.server.origin}/api`,
      iss: cast.server.origin,
      iat: expect.any(Number),
      exp: Date.parse(body.expiresAt) / 1_000,
      jti: expect.any(String),
    });
    expect(JSON.stringify(keys)).not.toContain('"d"');
    expect((await cast.server.visit().request('GET', '/api/auth/token')).status).toBe(401);
  });

  test('P-TOKEN-2, A8: lives 300 seconds and never longer than its grant', async () => {
    const browser = await cast.ada.elsewhere();
    const { iat = 0, exp, sid } = decodeJwt(await browser.token());
    expect(exp).toBe(iat + 300);
    const end = new Date(cast.clock.now() + 100_000).toISOString();
    byHand(cast.server, (db) => db.prepare('UPDATE session SET expiresAt = ? WHERE id = ?').run(end, String(sid)));
    expect(decodeJwt(await browser.token()).exp).toBe(Math.floor(Date.parse(end) / 1_000));
  });

  test('P-TOKEN-3, A9: as a bearer does nothing once the grant has ended', async () => {
    const browser = await cast.ada.elsewhere();
    const token = await browser.token();
    expect((await accountBy(token)).status).toBe(200);
    await browser.signOut();
    expect((await accountBy(token)).status).toBe(401);
  });

  test('P-TOKEN-1: gets no other token, so that one which is stolen lasts minutes', async () => {
    const authorization = `Bearer ${await cast.ada.token()}`;
    const asBearer = (path: string) => cast.server.visit().request('GET', path, undefined, { authorization });
    expect((await asBearer('/api/rooms')).status).toBe(200);
    expect(await asBearer('/api/auth/token')).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
  });

  test('P-TOKEN-3, P-AUTH-4: a bad one is no bearer either', async () => {
    const token = await cast.ada.token();
    expect((await accountBy(await forgeToken(cast.server, token))).status).toBe(200);
    for (const [what, bad] of await badTokens(cast.server, token)) {
      expect([what, (await accountBy(bad)).status]).toEqual([what, 401]);
    }
  });

  test('P-TOKEN-2: may begin 30 s ahead of the server’s clock and no more, and ends to the second', async () => {
    const token = await cast.ada.token();
    const { iat = 0 } = decodeJwt(token);
    const tryClaims = async (claims: Record<string, unknown>) =>
      (await accountBy(await forgeToken(cast.server, token, { claims }))).status;
    for (const claims of [{ iat: iat + 29 }, { nbf: iat + 29 }, { exp: iat + 1 }])
      expect(await tryClaims(claims)).toBe(200);
    for (const claims of [{ iat: iat + 32 }, { nbf: iat + 32 }, { exp: iat }])
      expect(await tryClaims(claims)).toBe(401);
  });
});

test('P-TOKEN-4, P-AUTH-7, A8: tokens verify and a socket is renewed across the change of the key', async () => {
  const { server, clock } = await gatherCast();
  const period = 30 * 24 * 60 * 60 * 1_000;
  clock.advance(period - (clock.now() % period) - 100_000);
  const ada = await server.signUp('Late Ada');
  const room = (await ada.createRoom('Turn')).id;
  const [socket, before] = [await ada.connect(), await ada.token()];
  await socket.join(room);
  clock.advance(200_000);
  const after = await ada.token();
  const [oldKey, newKey] = [before, after].map((token) => decodeProtectedHeader(token).kid);
  expect(newKey).not.toBe(oldKey);
  const keys = (await ada.request<JSONWebKeySet>('GET', '/api/auth/jwks')).body;
  for (const token of [before, after]) {
    await jwtVerify(token, createLocalJWKSet(keys), { currentDate: new Date(clock.now()) });
    expect(
      (await server.visit().request('GET', '/api/rooms', undefined, { authorization: `Bearer ${token}` })).status,
    ).toBe(200);
  }
  for (const token of [before, after]) {
    socket.send({ type: 'authenticate', token });
    await socket.next('authenticated');
  }
  clock.advance(200_000);
  expect(await socket.say(room, 'after-the-turn', 'After the turn')).toMatchObject({ type: 'ack' });
  await server.stop();
});
