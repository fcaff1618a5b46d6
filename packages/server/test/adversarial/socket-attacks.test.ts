import { createHash } from 'node:crypto';
import { forgeToken, strangeKey, unsign } from '../forge-token.ts';
import { startServer } from '../start-server.ts';
import { TestSocket } from '../test-socket.ts';
import type { Visitor } from '../visitor.ts';
import { attackDoors, type Door } from './attack.ts';
import { call, type Outcome, type Stage, say, upgrade } from './stage.ts';

const opened = { status: 101 };
const unauthorized = { status: 401 };
const forbidden = { status: 403 };
const noMember = { error: 'not_a_member' };
const noRoom = { error: 'room_not_found' };
const nowhere = 'nothing-is-here1';

const withOrigin = (stage: Stage, origin: string) =>
  stage.ada.ticket().then((ticket) => upgrade(stage, ticket, { headers: { origin } }));
const offering = (...protocols: string[]) => ({ protocols });

/** A ticket that many use at once: how many sockets it opens. */
async function raceFor(stage: Stage, times: number): Promise<Outcome> {
  const ticket = await stage.ada.ticket();
  const outcomes = await Promise.all(Array.from({ length: times }, () => upgrade(stage, ticket)));
  const sockets = outcomes.filter((outcome) => 'status' in outcome && outcome.status === 101);
  return { status: sockets.length };
}

const upgrades: Door = {
  door: 'GET /api/socket',
  allowed: async (stage) => upgrade(stage, await stage.ada.ticket(), { headers: { origin: stage.server.origin } }),
  works: opened,
  attacks: [
    ['no ticket', (stage) => upgrade(stage, undefined, offering('parlour.v1')), unauthorized],
    ['no subprotocol', (stage) => upgrade(stage, undefined), unauthorized],
    ['an empty ticket', (stage) => upgrade(stage, ''), unauthorized],
    ['a guessed ticket', (stage) => upgrade(stage, 'A'.repeat(43)), unauthorized],
    ['a ticket that is cut short', async (stage) => upgrade(stage, (await stage.ada.ticket()).slice(1)), unauthorized],
    ['a ticket with more behind it', async (stage) => upgrade(stage, `${await stage.ada.ticket()}A`), unauthorized],
    ['a ticket of 8 KiB', (stage) => upgrade(stage, 'A'.repeat(8_000)), unauthorized],
    [
      'the hash of a ticket, as the table has it',
      async (stage) => upgrade(stage, await hashInTable(stage)),
      unauthorized,
    ],
    [
      'a ticket that was used',
      async (stage) => {
        const ticket = await stage.ada.ticket();
        await upgrade(stage, ticket);
        return upgrade(stage, ticket);
      },
      unauthorized,
    ],
    [
      'a ticket whose time is over',
      async (stage) => {
        const ticket = await stage.ada.ticket();
        stage.clock.advance(30_000);
        return upgrade(stage, ticket);
      },
      unauthorized,
    ],
    ['50 connections at once with one ticket: one opens', (stage) => raceFor(stage, 50), { status: 1 }],
    [
      'a ticket of a login that has ended',
      async (stage) => {
        const browser = await stage.ada.elsewhere();
        const ticket = await browser.ticket();
        const token = await browser.token();
        await browser.signOut();
        return authenticateWith(stage, ticket, token);
      },
      { close: 4401 },
    ],
    ['a token instead of a ticket', async (stage) => upgrade(stage, await stage.ada.token()), unauthorized],
    [
      'a session cookie instead of a ticket',
      (stage) => upgrade(stage, undefined, { ...offering('parlour.v1'), headers: { cookie: stage.ada.cookie } }),
      unauthorized,
    ],
    [
      'a ticket in the query',
      async (stage) =>
        upgrade(stage, undefined, {
          ...offering('parlour.v1'),
          path: `/api/socket?ticket=${await stage.ada.ticket()}`,
        }),
      unauthorized,
    ],
    ['another site', (stage) => withOrigin(stage, 'https://evil.example'), forbidden],
    ['an origin of null', (stage) => withOrigin(stage, 'null'), forbidden],
    ['our name at another port', (stage) => withOrigin(stage, 'http://localhost:1'), forbidden],
    ['our origin as a prefix', (stage) => withOrigin(stage, `${stage.server.origin}.evil.example`), forbidden],
    ['our host with https', (stage) => withOrigin(stage, stage.server.origin.replace('http:', 'https:')), forbidden],
    [
      'a Host that is the attacker’s',
      async (stage) =>
        upgrade(stage, await stage.ada.ticket(), { headers: { origin: 'http://evil.example', host: 'evil.example' } }),
      forbidden,
    ],
    [
      'another path',
      async (stage) => upgrade(stage, await stage.ada.ticket(), { path: '/api/sockets' }),
      { status: 404 },
    ],
    [
      'a path with a way round',
      async (stage) => upgrade(stage, await stage.ada.ticket(), { path: '/api//socket' }),
      { status: 404 },
    ],
  ],
};

async function hashInTable(stage: Stage): Promise<string> {
  return createHash('sha256')
    .update(await stage.ada.ticket())
    .digest('base64url');
}

async function authenticateWith(stage: Stage, ticket: string, token: unknown): Promise<Outcome> {
  const socket = await TestSocket.open(stage.server.origin, ticket);
  const outcome = await say(stage, socket, { type: 'authenticate', token });
  // 4403 where the server knows already why the login ended.
  return 'close' in outcome && outcome.close === 4403 ? { close: 4401 } : outcome;
}

const authenticate = async (stage: Stage, token: unknown, visitor: Visitor = stage.ada) =>
  authenticateWith(stage, await visitor.ticket(), token);
const forge = async (stage: Stage, forgery: Parameters<typeof forgeToken>[2]) =>
  authenticate(stage, await forgeToken(stage.server, await stage.ada.token(), forgery));
const now = (stage: Stage) => Math.floor(stage.clock.now() / 1_000);
const first = async (stage: Stage, ...frames: (object | string | Buffer)[]) =>
  say(stage, await stage.ada.open(), ...frames);
const out = { close: 4401 };
const malformed = { close: 4400 };

const handshakes: Door = {
  door: 'authenticate',
  allowed: async (stage) => authenticate(stage, await stage.ada.token()),
  works: { frame: 'authenticated' },
  attacks: [
    ['another person’s token', async (stage) => authenticate(stage, await stage.grace.token()), out],
    ['another session’s token', async (stage) => authenticate(stage, await (await stage.ada.elsewhere()).token()), out],
    ['another person’s ticket', async (stage) => authenticate(stage, await stage.ada.token(), stage.linus), out],
    ['an expired token', (stage) => forge(stage, { claims: { iat: now(stage) - 301, exp: now(stage) - 1 } }), out],
    ['a token that ends now', (stage) => forge(stage, { claims: { exp: now(stage) } }), out],
    ['a token from the future', (stage) => forge(stage, { claims: { iat: now(stage) + 31 } }), out],
    ['a token for another audience', (stage) => forge(stage, { claims: { aud: 'http://localhost' } }), out],
    ['a token of another issuer', (stage) => forge(stage, { claims: { iss: 'https://evil.example' } }), out],
    ['a token signed by another key', (stage) => forge(stage, { key: strangeKey() }), out],
    ['a token of an unknown key', (stage) => forge(stage, { key: strangeKey(), kid: '../../secret' }), out],
    ['a token without a signature', async (stage) => authenticate(stage, unsign(await stage.ada.token())), out],
    ['a token without `sub`', (stage) => forge(stage, { without: 'sub' }), out],
    ['a token without `sid`', (stage) => forge(stage, { without: 'sid' }), out],
    ['a token without `exp`', (stage) => forge(stage, { without: 'exp' }), out],
    ['a token without `jti`', (stage) => forge(stage, { without: 'jti' }), out],
    ['the ticket as the token', async (stage) => authenticate(stage, await stage.ada.ticket()), out],
    ['the cookie as the token', (stage) => authenticate(stage, stage.ada.cookie), out],
    ['an empty token', (stage) => authenticate(stage, ''), malformed],
    ['a token that is a number', (stage) => authenticate(stage, 7), malformed],
    ['no token', (stage) => first(stage, { type: 'authenticate' }), malformed],
    ['a join before it', (stage) => first(stage, { type: 'join', room: stage.lobby }), out],
    ['a send before it', (stage) => first(stage, { type: 'send', id: 'x', room: stage.lobby, body: 'x' }), out],
    ['something that is not JSON', (stage) => first(stage, '{'), malformed],
    ['an array', (stage) => first(stage, '[]'), malformed],
    ['null', (stage) => first(stage, 'null'), malformed],
    ['an unknown type', (stage) => first(stage, { type: '__proto__' }), malformed],
    ['a binary frame', (stage) => first(stage, Buffer.from('{}')), { close: 1003 }],
    ['a frame over 64 KiB', (stage) => first(stage, 'x'.repeat(64 * 1024 + 1)), { close: 1009 }],
    [
      'no word at all',
      async (stage) => {
        const server = await startServer({ environment: { PARLOUR_HANDSHAKE_TIMEOUT: '1' } });
        const socket = await (await server.signUp('Mute')).open();
        const { code } = await socket.closed;
        await server.stop();
        stage.transcript.push(JSON.stringify(socket.log));
        return { close: code };
      },
      { close: 4408 },
    ],
  ],
};

/** Linus is in no room; grace is in the lobby and with the designers. */
const as =
  (who: 'ada' | 'linus', ...frames: ((stage: Stage) => object | string)[]) =>
  async (stage: Stage) =>
    say(stage, await stage[who].connect(), ...frames.map((frame) => frame(stage)));
const joins =
  (room: (stage: Stage) => unknown, more: object = {}) =>
  (stage: Stage) => ({
    type: 'join',
    room: room(stage),
    ...more,
  });
let sent = 0;
const sends = (more: (stage: Stage) => object) => (stage: Stage) => {
  sent += 1;
  return { type: 'send', id: `attack-${sent}`, room: stage.lobby, body: 'hello', ...more(stage) };
};
const wrong = { error: 'malformed' };
const badBody = { error: 'invalid_body' };

const frames: Door[] = [
  {
    door: 'join',
    allowed: as(
      'ada',
      joins(({ lobby }) => lobby),
    ),
    works: { frame: 'joined' },
    attacks: [
      [
        'a room that one is not in',
        as(
          'linus',
          joins(({ lobby }) => lobby),
        ),
        noMember,
      ],
      [
        'a closed room that one is not in',
        as(
          'linus',
          joins(({ designers }) => designers),
        ),
        noRoom,
      ],
      [
        'a room that does not exist',
        as(
          'linus',
          joins(() => nowhere),
        ),
        noRoom,
      ],
      [
        'a closed room, asking from its middle',
        as(
          'linus',
          joins(({ designers }) => designers, { after: 1 }),
        ),
        noRoom,
      ],
      [
        'SQL as a room',
        as(
          'ada',
          joins(() => "' OR 1=1 --"),
        ),
        noRoom,
      ],
      [
        'a number as a room',
        as(
          'ada',
          joins(() => 1),
        ),
        wrong,
      ],
      [
        'no room',
        as(
          'ada',
          joins(() => undefined),
        ),
        wrong,
      ],
      [
        'a place below nought',
        as(
          'ada',
          joins(({ lobby }) => lobby, { after: -1 }),
        ),
        wrong,
      ],
      [
        'a place that is a text',
        as(
          'ada',
          joins(({ lobby }) => lobby, { after: '1' }),
        ),
        wrong,
      ],
      [
        'a place that is no whole number',
        as(
          'ada',
          joins(({ lobby }) => lobby, { after: 0.5 }),
        ),
        wrong,
      ],
      [
        'a place beyond all numbers',
        as(
          'ada',
          joins(({ lobby }) => lobby, { after: 1e300 }),
        ),
        wrong,
      ],
    ],
  },
  {
    door: 'send',
    allowed: as(
      'ada',
      sends(() => ({})),
    ),
    works: { frame: 'ack' },
    attacks: [
      [
        'into a room that one is not in',
        as(
          'linus',
          sends(() => ({})),
        ),
        noMember,
      ],
      [
        'into a closed room',
        as(
          'linus',
          sends(({ designers }) => ({ room: designers })),
        ),
        noRoom,
      ],
      [
        'into no room',
        as(
          'linus',
          sends(() => ({ room: nowhere })),
        ),
        noRoom,
      ],
      [
        'in another’s name',
        as(
          'linus',
          sends(({ ada }) => ({ author: ada.id, user: ada.id })),
        ),
        noMember,
      ],
      [
        'an empty body',
        as(
          'ada',
          sends(() => ({ body: '' })),
        ),
        badBody,
      ],
      [
        'white space',
        as(
          'ada',
          sends(() => ({ body: ' \n\t ' })),
        ),
        badBody,
      ],
      [
        '8,001 characters',
        as(
          'ada',
          sends(() => ({ body: 'x'.repeat(8_001) })),
        ),
        badBody,
      ],
      [
        'U+0000',
        as(
          'ada',
          sends(() => ({ body: 'a\u0000b' })),
        ),
        badBody,
      ],
      [
        'half a surrogate',
        as('ada', () => `{"type":"send","id":"half","room":"${nowhere}","body":"\\ud800"}`),
        badBody,
      ],
      [
        'a body that is an object',
        as(
          'ada',
          sends(() => ({ body: { toString: 'x' } })),
        ),
        wrong,
      ],
      [
        'no id',
        as(
          'ada',
          sends(() => ({ id: undefined })),
        ),
        wrong,
      ],
      [
        'an id of other characters',
        as(
          'ada',
          sends(() => ({ id: '../x' })),
        ),
        wrong,
      ],
      [
        'an id of 65 characters',
        as(
          'ada',
          sends(() => ({ id: 'x'.repeat(65) })),
        ),
        wrong,
      ],
      [
        'data over 4 KiB',
        as(
          'ada',
          sends(() => ({ data: 'x'.repeat(4_097) })),
        ),
        wrong,
      ],
      [
        'the id of a message that says something else',
        async (stage) => {
          await stage.ada.post(stage.lobby, 'taken', 'first');
          return say(stage, await stage.ada.connect(), {
            type: 'send',
            id: 'taken',
            room: stage.lobby,
            body: 'second',
          });
        },
        { error: 'id_conflict' },
      ],
      [
        'after being taken out of the room',
        async (stage) => {
          const socket = await stage.linus.connect();
          await stage.linus.join(stage.lobby);
          await socket.join(stage.lobby);
          await stage.linus.leave(stage.lobby);
          await socket.next('left');
          const frame = { type: 'send', id: `gone-${sent}`, room: stage.lobby, body: 'still here' };
          return say(stage, socket, frame);
        },
        noMember,
      ],
    ],
  },
  {
    door: 'typing and read',
    allowed: as(
      'ada',
      joins(({ lobby }) => lobby),
    ),
    works: { frame: 'joined' },
    attacks: [
      [
        'typing in a room that this socket has not joined',
        as('linus', ({ lobby }) => ({ type: 'typing', room: lobby })),
        { error: 'not_joined' },
      ],
      [
        'typing in a closed room',
        as('linus', ({ designers }) => ({ type: 'typing', room: designers })),
        { error: 'not_joined' },
      ],
      ['typing nowhere', as('ada', () => ({ type: 'typing' })), wrong],
      [
        'reading a room that one is not in',
        as('linus', ({ lobby }) => ({ type: 'read', room: lobby, seq: 1 })),
        noMember,
      ],
      ['reading a closed room', as('linus', ({ designers }) => ({ type: 'read', room: designers, seq: 1 })), noRoom],
      ['reading up to a text', as('ada', ({ lobby }) => ({ type: 'read', room: lobby, seq: 'last' })), wrong],
      ['reading backwards', as('ada', ({ lobby }) => ({ type: 'read', room: lobby, seq: -5 })), wrong],
      [
        'leaving a room that was never joined',
        as('ada', () => ({ type: 'leave', room: nowhere })),
        { error: 'not_joined' },
      ],
    ],
  },
  {
    door: 'any frame',
    allowed: as(
      'ada',
      joins(({ lobby }) => lobby),
    ),
    works: { frame: 'joined' },
    attacks: [
      ['not JSON', as('ada', () => 'hello'), wrong],
      ['no object', as('ada', () => '"text"'), wrong],
      ['no type', as('ada', () => ({})), wrong],
      ['a type of the server’s', as('ada', () => ({ type: 'event' })), wrong],
      ['a type of Object.prototype', as('ada', () => ({ type: 'constructor' })), wrong],
      ['JSON of 10,000 brackets', as('ada', () => '['.repeat(10_000)), wrong],
      [
        'ten malformed ones',
        async (stage) => {
          const socket = await stage.ada.connect();
          for (let i = 0; i < 10; i += 1) socket.sendRaw('{');
          return { close: (await socket.closed).code };
        },
        malformed,
      ],
    ],
  },
];

const forgedBearer = async (stage: Stage, forgery: Parameters<typeof forgeToken>[2]) => ({
  authorization: `Bearer ${await forgeToken(stage.server, await stage.ada.token(), forgery)}`,
});
const askTicket = (stage: Stage, visitor: Visitor, headers: Record<string, string> = {}) =>
  call(stage, visitor, 'POST', '/api/sockets/tickets', {}, headers);
const notIn = { status: 401, code: 'not_authenticated' };

const tickets: Door = {
  door: 'POST /api/sockets/tickets',
  allowed: (stage) => askTicket(stage, stage.ada),
  works: { status: 201 },
  attacks: [
    ['nobody', (stage) => askTicket(stage, stage.server.visit()), notIn],
    [
      'a cookie that is not ours',
      (stage) => askTicket(stage, stage.server.visit(), { cookie: `parlour.session_token=${'A'.repeat(43)}` }),
      notIn,
    ],
    [
      'a cookie of 8 KiB',
      (stage) => askTicket(stage, stage.server.visit(), { cookie: `parlour.session_token=${'A'.repeat(8_000)}` }),
      notIn,
    ],
    ['a good cookie beside a bad bearer', (stage) => askTicket(stage, stage.ada, { authorization: 'Bearer x' }), notIn],
    [
      'a bearer of another key',
      async (stage) => askTicket(stage, stage.server.visit(), await forgedBearer(stage, { key: strangeKey() })),
      notIn,
    ],
    [
      'a bearer whose person is another’s',
      async (stage) =>
        askTicket(stage, stage.server.visit(), await forgedBearer(stage, { claims: { sub: stage.grace.id } })),
      notIn,
    ],
    [
      'a bearer of a session that never was',
      async (stage) =>
        askTicket(stage, stage.server.visit(), await forgedBearer(stage, { claims: { sid: 'nosuchsession123' } })),
      notIn,
    ],
    [
      'another site',
      (stage) => askTicket(stage, stage.ada, { origin: 'https://evil.example' }),
      { status: 403, code: 'cross_site' },
    ],
    [
      'another site by Fetch Metadata alone',
      (stage) => askTicket(stage, stage.ada, { 'sec-fetch-site': 'cross-site' }),
      { status: 403, code: 'cross_site' },
    ],
    [
      'another site of our own domain',
      (stage) => askTicket(stage, stage.ada, { 'sec-fetch-site': 'same-site' }),
      { status: 403, code: 'cross_site' },
    ],
    [
      'GET',
      (stage) => call(stage, stage.ada, 'GET', '/api/sockets/tickets'),
      { status: 405, code: 'method_not_allowed' },
    ],
    [
      'GET that says it is POST',
      (stage) => call(stage, stage.ada, 'GET', '/api/sockets/tickets', undefined, { 'x-http-method-override': 'POST' }),
      { status: 405, code: 'method_not_allowed' },
    ],
  ],
};

attackDoors('attacks on sockets', [upgrades, handshakes, ...frames, tickets]);
