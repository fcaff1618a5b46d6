import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { byHand } from '../by-hand.ts';
import { type Cast, gatherCast } from '../cast.ts';
import { badTokens, forgeToken } from '../forge-token.ts';
import type { TestSocket } from '../test-socket.ts';

describe('authentication', () => {
  let cast: Cast;
  beforeAll(async () => {
    cast = await gatherCast();
  });
  afterAll(() => cast.server.stop());

  /** Authenticates a socket of ada's with this token and sends a message right behind it. */
  async function tryToken(token: string, id: string): Promise<TestSocket> {
    const socket = await cast.ada.open();
    socket.send({ type: 'authenticate', token });
    socket.send({ type: 'send', room: cast.lobby, id, body: 'too early' });
    return socket;
  }
  const bodies = async () =>
    (await cast.grace.history(cast.lobby)).items.flatMap((event) => (event.event === 'message' ? [event.body] : []));

  test('P-AUTH-1: 15 seconds by default, and a setting', async () => {
    expect(readConfig({}).handshakeTimeout).toBe(15);
    expect(readConfig({ PARLOUR_HANDSHAKE_TIMEOUT: '1' }).handshakeTimeout).toBe(1);
  });

  test('P-AUTH-1, B6, C4: closes with 4408 whoever does not authenticate in time, and nobody else', async () => {
    const { server, ada, lobby } = await gatherCast({ environment: { PARLOUR_HANDSHAKE_TIMEOUT: '1' } });
    const [ready, silent] = await Promise.all([ada.connect(), ada.open()]);
    expect((await silent.closed).code).toBe(4408);
    expect(silent.log).toEqual([]);
    expect((await ready.join(lobby)).room).toBe(lobby);
    await server.stop();
  });

  test('P-AUTH-2, B4: answers with the person and the end of the token', async () => {
    const socket = await cast.ada.open();
    socket.send({ type: 'authenticate', token: await cast.ada.token() });
    const { user, expiresAt } = await socket.next('authenticated');
    expect(user).toEqual({ id: cast.ada.id, name: 'Ada' });
    expect(Date.parse(expiresAt)).toBe(Math.floor(cast.clock.now() / 1_000) * 1_000 + 300_000);
    await socket.cut();
  });

  test('P-AUTH-2: answers with the end of the grant where that is earlier', async () => {
    const browser = await cast.ada.elsewhere();
    const [socket, token] = [await browser.open(), await browser.token()];
    const end = new Date(cast.clock.now() + 60_000).toISOString();
    const sid = String(decodeJwt(token)['sid']);
    byHand(cast.server, (db) => db.prepare('UPDATE session SET expiresAt = ? WHERE id = ?').run(end, sid));
    socket.send({ type: 'authenticate', token });
    expect((await socket.next('authenticated')).expiresAt).toBe(end);
    await socket.cut();
  });

  test('P-AUTH-3, B4, I6: delivers nothing before, not even what everybody gets', async () => {
    const [early, witness] = [await cast.grace.open(), await cast.grace.connect()];
    await witness.join(cast.lobby);
    await cast.ada.post(cast.lobby, 'hello', 'Hello');
    await cast.ada.post(cast.designers, 'psst', 'Psst');
    await witness.next('event');
    await witness.next('self');
    expect(await early.settle()).toEqual([]);
    await Promise.all([early.cut(), witness.cut()]);
  });

  test('P-AUTH-3, B4, I6, fault 19: acts on nothing before, and closes with 4401', async () => {
    const { lobby } = cast;
    const ready = await cast.ada.connect();
    expect(await ready.say(lobby, 'allowed', 'Allowed')).toMatchObject({ type: 'ack' });
    const commands = [
      { type: 'send', room: lobby, id: 'early', body: 'too early' },
      { type: 'join', room: lobby, after: 0 },
      { type: 'leave', room: lobby },
      { type: 'typing', room: lobby },
      { type: 'read', room: lobby, seq: 1 },
    ] as const;
    for (const command of commands) {
      const socket = await cast.ada.open();
      socket.send(command);
      expect((await socket.closed).code).toBe(4401);
      expect(socket.log).toEqual([]);
    }
    expect(await bodies()).not.toContain('too early');
  });

  test('P-AUTH-3, I6: nor on what follows an authenticate that is not answered yet', async () => {
    const socket = await tryToken(await cast.ada.token(), 'hasty');
    expect((await socket.closed).code).toBe(4401);
    expect(socket.log).toEqual([]);
    expect(await bodies()).not.toContain('too early');
  });

  test('P-AUTH-3: a malformed frame closes with 4400', async () => {
    const frames = ['no JSON', '[]', 'null', '7', '{}', '{"type":"sing"}', '{"type":7}', '{"type":"authenticate"}'];
    for (const frame of [...frames, '{"type":"authenticate","token":7}', '{"type":"authenticate","token":""}']) {
      const socket = await cast.ada.open();
      socket.sendRaw(frame);
      expect([frame, (await socket.closed).code]).toEqual([frame, 4400]);
      expect(socket.log).toEqual([]);
    }
  });

  test('P-AUTH-4, B5, fault 9, fault 18: a bad token closes with 4401 at once, and nothing behind it counts', async () => {
    const token = await cast.ada.token();
    const allowed = await cast.ada.open();
    allowed.send({ type: 'authenticate', token: await forgeToken(cast.server, token) });
    await allowed.next('authenticated');
    for (const [what, bad] of await badTokens(cast.server, token)) {
      const socket = await cast.ada.open();
      socket.send({ type: 'authenticate', token: bad });
      expect([what, (await socket.closed).code, socket.log]).toEqual([what, 4401, []]);
      const hasty = await tryToken(bad, 'hasty');
      expect([what, (await hasty.closed).code, hasty.log]).toEqual([what, 4401, []]);
    }
    expect(await bodies()).not.toContain('too early');
  });

  test('P-AUTH-5, B5, fault 2, fault 11: the token must name the person and the grant of the ticket', async () => {
    const other = await cast.ada.elsewhere();
    const own = await cast.ada.token();
    const swapped = await forgeToken(cast.server, own, { claims: { sub: cast.grace.id } });
    const tokens = { theirs: await cast.grace.token(), otherSession: await other.token(), swapped };
    for (const [what, token] of Object.entries(tokens)) {
      const socket = await cast.ada.open();
      socket.send({ type: 'authenticate', token });
      expect([what, (await socket.closed).code, socket.log]).toEqual([what, 4401, []]);
    }
    const socket = await cast.ada.open();
    socket.send({ type: 'authenticate', token: own });
    expect((await socket.next('authenticated')).user.id).toBe(cast.ada.id);
    await socket.cut();
  });

  test('P-AUTH-6: the grant must live at that moment', async () => {
    const browser = await cast.ada.elsewhere();
    const [allowed, socket, token] = [await browser.open(), await browser.open(), await browser.token()];
    allowed.send({ type: 'authenticate', token });
    await allowed.next('authenticated');
    await browser.signOut();
    socket.send({ type: 'authenticate', token });
    // 4403 where the log was read between the frame and the look-up.
    expect([4401, 4403]).toContain((await socket.closed).code);
    expect(socket.log).toEqual([]);
  });
});

describe('renewal', () => {
  let cast: Cast;
  beforeAll(async () => {
    cast = await gatherCast();
  });
  afterAll(() => cast.server.stop());

  test('P-AUTH-7, A8, fault 13: moves the deadline; subscriptions go on, and nothing comes twice', async () => {
    const socket = await cast.ada.connect();
    await socket.join(cast.lobby);
    for (let round = 0; round < 3; round += 1) {
      cast.clock.advance(200_000);
      socket.send({ type: 'authenticate', token: await cast.ada.token() });
      const { expiresAt } = await socket.next('authenticated');
      expect(Date.parse(expiresAt)).toBeGreaterThan(cast.clock.now() + 298_000);
    }
    await cast.grace.post(cast.lobby, 'once', 'Once');
    await cast.grace.post(cast.lobby, 'after', 'After');
    await socket.next('event', (event) => event.event === 'message' && event.id === 'after');
    expect(socket.events(cast.lobby).map((event) => event.event === 'message' && event.id)).toEqual(['once', 'after']);
    expect(await socket.say(cast.lobby, 'own', 'Own')).toMatchObject({ type: 'ack' });
    expect(socket.log.filter(({ type }) => type === 'ack')).toHaveLength(1);
  });

  test('P-AUTH-7, fault 13: authenticating twice at once is one login and one renewal', async () => {
    const [socket, token] = [await cast.ada.open(), await cast.ada.token()];
    for (let i = 0; i < 5; i += 1) socket.send({ type: 'authenticate', token });
    for (let i = 0; i < 5; i += 1) await socket.next('authenticated');
    await socket.join(cast.lobby);
    await cast.grace.post(cast.lobby, 'single', 'Single');
    await cast.grace.post(cast.lobby, 'last', 'Last');
    await socket.next('event', (event) => event.event === 'message' && event.id === 'last');
    expect(socket.events()).toHaveLength(2);
  });

  test('P-AUTH-8, fault 9: every check holds for a renewal too', async () => {
    const real = await cast.ada.token();
    const other = await cast.ada.elsewhere();
    const bad = await badTokens(cast.server, real);
    bad.push(['of another person', await cast.grace.token()], ['of another session', await other.token()]);
    for (const [what, token] of bad) {
      const socket = await cast.ada.connect();
      await socket.join(cast.lobby);
      socket.send({ type: 'authenticate', token });
      expect([what, (await socket.closed).code]).toEqual([what, 4401]);
    }
  });

  test('P-AUTH-10, I7: a send right behind a renewal commits only where the renewal holds', async () => {
    const allowed = await cast.ada.connect();
    const [token, other] = [await cast.ada.token(), await cast.ada.elsewhere()];
    allowed.send({ type: 'authenticate', token });
    expect(await allowed.say(cast.lobby, 'behind-a-good-one', 'Behind a good one')).toMatchObject({ type: 'ack' });
    // Of what is unread elsewhere it may be told at any moment.
    const typesOf = ({ log }: TestSocket) => log.map(({ type }) => type).filter((type) => type !== 'self');
    expect(typesOf(allowed)).toEqual(['authenticated', 'authenticated', 'ack']);
    const bad = await badTokens(cast.server, token);
    bad.push(['of another person', await cast.grace.token()], ['of another session', await other.token()]);
    for (const [what, wrong] of bad) {
      const socket = await cast.ada.connect();
      socket.send({ type: 'authenticate', token: wrong });
      socket.send({ type: 'send', room: cast.lobby, id: 'behind-a-bad-one', body: 'Behind a bad one' });
      expect([what, (await socket.closed).code]).toEqual([what, 4401]);
      expect([what, typesOf(socket)]).toEqual([what, ['authenticated']]);
    }
    const { items } = await cast.ada.history(cast.lobby);
    const ids = items.flatMap((event) => (event.event === 'message' ? [event.id] : []));
    expect(ids).toContain('behind-a-good-one');
    expect(ids).not.toContain('behind-a-bad-one');
  });

  test('P-AUTH-9: takes no command from the end of the token on', async () => {
    const socket = await cast.ada.connect();
    expect(await socket.say(cast.lobby, 'in-time', 'In time')).toMatchObject({ type: 'ack' });
    cast.clock.advance(300_000);
    socket.send({ type: 'send', room: cast.lobby, id: 'late', body: 'Late' });
    expect((await socket.closed).code).toBe(4401);
    const { items } = await cast.ada.history(cast.lobby);
    expect(items.some((event) => event.event === 'message' && event.id === 'late')).toBe(false);
    const renewing = await cast.ada.connect();
    const token = await cast.ada.token();
    cast.clock.advance(300_000);
    renewing.send({ type: 'authenticate', token });
    expect((await renewing.closed).code).toBe(4401);
  });

  test('P-AUTH-9: closes with 4401 by itself when nobody renews', async () => {
    const { server, clock, ada, lobby } = await gatherCast({ environment: { PARLOUR_TOKEN_TTL: '2' } });
    const [renewed, left] = [await ada.connect(), await ada.connect()];
    clock.advance(1_000);
    renewed.send({ type: 'authenticate', token: await ada.token() });
    await renewed.next('authenticated');
    clock.advance(1_000);
    expect((await left.closed).code).toBe(4401);
    expect((await renewed.join(lobby)).room).toBe(lobby);
    clock.advance(1_000);
    expect((await renewed.closed).code).toBe(4401);
    await server.stop();
  });
});
