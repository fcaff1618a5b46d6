import { testPassword, type Visitor } from '../visitor.ts';
import { attackDoors, type Door } from './attack.ts';
import { call, type Outcome, type Stage } from './stage.ts';

type Who = 'ada' | 'grace' | 'linus' | 'nobody';
type Path = string | ((stage: Stage) => string);

const visitorOf = (stage: Stage, who: Who): Visitor => (who === 'nobody' ? stage.server.visit() : stage[who]);
const at = (stage: Stage, path: Path) => (typeof path === 'string' ? path : path(stage));

/** A request of somebody, with headers where those are the attack. */
const ask =
  (who: Who, method: string, path: Path, body?: unknown, headers?: Record<string, string>) =>
  (stage: Stage): Promise<Outcome> =>
    call(stage, visitorOf(stage, who), method, at(stage, path), body, headers);

const ok = { status: 200 };
const made = { status: 201 };
const notIn = { status: 401, code: 'not_authenticated' };
const noRoom = { status: 404, code: 'room_not_found' };
const noMember = { status: 403, code: 'not_a_member' };
const notAllowed = { status: 403, code: 'forbidden' };
const badField = { status: 422, code: 'invalid_field' };
const badBody = { status: 422, code: 'invalid_body' };
const malformed = { status: 400, code: 'malformed' };
const elsewhere = { status: 403, code: 'cross_site' };
const wrongMethod = { status: 405, code: 'method_not_allowed' };
const noJson = { status: 415, code: 'unsupported_media_type' };
const tooLarge = { status: 413, code: 'payload_too_large' };
const wrongPassword = { status: 401, code: 'wrong_credentials' };
const notFound = { status: 404, code: 'not_found' };

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const evil = { origin: 'https://evil.example' };
const crossSite = { 'sec-fetch-site': 'cross-site' };

let count = 0;
function unique(name: string): string {
  count += 1;
  return `${name}-${count}`;
}

const signInPath = '/api/auth/sign-in/email';
const adas = (more: object = {}) => ({ email: 'ada@example.org', password: testPassword, ...more });
const signIn: Door = {
  door: `POST ${signInPath}`,
  allowed: ask('nobody', 'POST', signInPath, adas()),
  works: ok,
  attacks: [
    [
      'a wrong password',
      ask('nobody', 'POST', signInPath, adas({ password: 'guess' })),
      wrongPassword,
      'sign_in_failed',
    ],
    ['an unknown address', ask('nobody', 'POST', signInPath, adas({ email: 'who@example.org' })), wrongPassword],
    [
      'another person’s password',
      ask('nobody', 'POST', signInPath, adas({ password: `${testPassword} ` })),
      wrongPassword,
      'sign_in_failed',
    ],
    [
      'a password of 1,000 characters',
      ask('nobody', 'POST', signInPath, adas({ password: 'x'.repeat(1_000) })),
      wrongPassword,
    ],
    ['a password of 1 MB', ask('nobody', 'POST', signInPath, adas({ password: 'x'.repeat(1_000_000) })), badField],
    ['a body over 1 MiB', ask('nobody', 'POST', signInPath, adas({ password: 'x'.repeat(1_100_000) })), tooLarge],
    ['a password that is a list', ask('nobody', 'POST', signInPath, adas({ password: [testPassword] })), badField],
    ['a password that is an operator', ask('nobody', 'POST', signInPath, adas({ password: { $ne: '' } })), badField],
    ['an address that is true', ask('nobody', 'POST', signInPath, adas({ email: true })), badField],
    ['SQL as the address', ask('nobody', 'POST', signInPath, adas({ email: "' OR 1=1 --@x.y" })), badField],
    ['no password', ask('nobody', 'POST', signInPath, { email: 'ada@example.org' }), badField],
    ['an array', ask('nobody', 'POST', signInPath, '[]'), malformed],
    ['no JSON', ask('nobody', 'POST', signInPath, '{'), malformed],
    ['a form', ask('nobody', 'POST', signInPath, 'email=a&password=b', form), noJson],
    ['JSON that says it is text', ask('nobody', 'POST', signInPath, adas(), { 'content-type': 'text/plain' }), noJson],
    ['another site', ask('nobody', 'POST', signInPath, adas(), evil), elsewhere],
    ['another site by Fetch Metadata', ask('nobody', 'POST', signInPath, adas(), crossSite), elsewhere],
    ['GET', ask('nobody', 'GET', signInPath), wrongMethod],
  ],
};

const signUpPath = '/api/auth/sign-up/email';
const newcomer = (more: object = {}) => ({
  name: 'New',
  email: `${unique('new')}@example.org`,
  password: testPassword,
  ...more,
});
const signUp: Door = {
  door: `POST ${signUpPath}`,
  allowed: (stage) => ask('nobody', 'POST', signUpPath, newcomer())(stage),
  works: ok,
  attacks: [
    [
      'a taken address',
      (stage) => ask('nobody', 'POST', signUpPath, newcomer({ email: 'ADA@example.org' }))(stage),
      { status: 409, code: 'email_taken' },
    ],
    [
      'a short password',
      (stage) => ask('nobody', 'POST', signUpPath, newcomer({ password: 'short' }))(stage),
      badField,
    ],
    [
      'a name of control characters',
      (stage) => ask('nobody', 'POST', signUpPath, newcomer({ name: '\u0000\u0007' }))(stage),
      badField,
    ],
    [
      'a name of 81 characters',
      (stage) => ask('nobody', 'POST', signUpPath, newcomer({ name: 'x'.repeat(81) }))(stage),
      badField,
    ],
    [
      'a wrong claim code',
      (stage) => ask('nobody', 'POST', signUpPath, newcomer({ claim: 'AAAA-AAAA-AAAA-AAAA' }))(stage),
      { status: 403, code: 'claim_invalid' },
    ],
    [
      'an invite that is none',
      (stage) => ask('nobody', 'POST', signUpPath, newcomer({ invite: 'nothing' }))(stage),
      { status: 404, code: 'invite_not_found' },
    ],
    [
      'a role of one’s own choice',
      async (stage) => {
        const visitor = stage.server.visit();
        await call(stage, visitor, 'POST', signUpPath, newcomer({ role: 'owner', emailVerified: 1, id: stage.ada.id }));
        return call(stage, visitor, 'PUT', `/api/people/${stage.ada.id}/ban`, {});
      },
      notAllowed,
    ],
    ['another site', (stage) => ask('nobody', 'POST', signUpPath, newcomer(), evil)(stage), elsewhere],
    [
      'one address twice at once: one account',
      async (stage) => {
        const body = newcomer();
        const outcomes = await Promise.all([1, 2, 3].map(() => ask('nobody', 'POST', signUpPath, body)(stage)));
        return { status: outcomes.filter((outcome) => 'status' in outcome && outcome.status === 200).length };
      },
      { status: 1 },
    ],
  ],
};

const signOut: Door = {
  door: 'POST /api/auth/sign-out',
  allowed: async (stage) => call(stage, await stage.ada.elsewhere(), 'POST', '/api/auth/sign-out', {}),
  works: ok,
  attacks: [
    ['another site', ask('ada', 'POST', '/api/auth/sign-out', {}, evil), elsewhere],
    ['another site by Fetch Metadata', ask('ada', 'POST', '/api/auth/sign-out', {}, crossSite), elsewhere],
    ['GET', ask('ada', 'GET', '/api/auth/sign-out'), wrongMethod],
    [
      'a token that outlives it',
      async (stage) => {
        const browser = await stage.ada.elsewhere();
        const authorization = `Bearer ${await browser.token()}`;
        await browser.signOut();
        return call(stage, stage.server.visit(), 'GET', '/api/rooms', undefined, { authorization });
      },
      notIn,
    ],
    [
      'its cookie once more',
      async (stage) => {
        const browser = await stage.ada.elsewhere();
        const { cookie } = browser;
        await browser.signOut();
        return call(stage, stage.server.visit(), 'GET', '/api/rooms', undefined, { cookie });
      },
      notIn,
    ],
  ],
};

const token: Door = {
  door: 'GET /api/auth/token',
  allowed: ask('ada', 'GET', '/api/auth/token'),
  works: ok,
  attacks: [
    ['nobody', ask('nobody', 'GET', '/api/auth/token'), notIn],
    [
      'a cookie with one character changed',
      (stage) => ask('nobody', 'GET', '/api/auth/token', undefined, { cookie: spoil(stage.ada.cookie) })(stage),
      notIn,
    ],
    [
      'the hash of the cookie, as the table has it',
      (stage) =>
        ask('nobody', 'GET', '/api/auth/token', undefined, { cookie: `parlour.session_token=${'b'.repeat(43)}` })(
          stage,
        ),
      notIn,
    ],
    [
      'Basic authorization',
      ask('ada', 'GET', '/api/auth/token', undefined, { authorization: 'Basic YWRhOmFkYQ==' }),
      notIn,
    ],
    [
      'the claim that one is somebody',
      (stage) => ask('nobody', 'GET', '/api/auth/token', undefined, { 'x-user-id': stage.ada.id })(stage),
      notIn,
    ],
    ['POST', ask('ada', 'POST', '/api/auth/token', {}), wrongMethod],
  ],
};
const spoil = (cookie: string) => cookie.replace(/(?<=session_token=)./, (first) => (first === 'A' ? 'B' : 'A'));

const account: Door = {
  door: '/api/account',
  allowed: ask('ada', 'GET', '/api/account'),
  works: ok,
  attacks: [
    ['nobody', ask('nobody', 'GET', '/api/account'), { status: 403, code: 'anonymous' }],
    ['a name for nobody', ask('nobody', 'PATCH', '/api/account', { name: 'X' }), { status: 403, code: 'anonymous' }],
    ['a role', async (stage) => roleAfter(stage, { name: 'Linus', role: 'owner' }), notAllowed],
    ['an empty name', ask('ada', 'PATCH', '/api/account', { name: '  ' }), badField],
    ['another site', ask('ada', 'PATCH', '/api/account', { name: 'Eve' }, evil), elsewhere],
    [
      'a claim of a house that is open and unclaimed, by guessing',
      ask('linus', 'POST', '/api/claim', { code: 'x' }),
      { status: 403, code: 'claim_invalid' },
    ],
  ],
};
async function roleAfter(stage: Stage, change: object): Promise<Outcome> {
  await call(stage, stage.linus, 'PATCH', '/api/account', change);
  return call(stage, stage.linus, 'PUT', `/api/people/${stage.ada.id}/ban`, {});
}

const messages = (room: (stage: Stage) => string) => (stage: Stage) => `/api/rooms/${room(stage)}/messages`;
const lobby = messages((stage) => stage.lobby);
const designers = messages((stage) => stage.designers);
const text = (more: object = {}) => ({ id: unique('m'), body: 'hello', ...more });
const post =
  (who: Who, path: Path, more: object = {}, headers?: Record<string, string>) =>
  (stage: Stage) =>
    ask(who, 'POST', path, text(more), headers)(stage);
const writing: Door = {
  door: 'POST /api/rooms/:room/messages',
  allowed: post('ada', lobby),
  works: made,
  attacks: [
    ['nobody', post('nobody', lobby), notIn],
    ['one who is not in the room', post('linus', lobby), noMember],
    ['one who may not know of the room', post('linus', designers), noRoom],
    ['a room that is not there', post('ada', '/api/rooms/nowhere/messages'), noRoom],
    ['a room that is a path', post('ada', '/api/rooms/..%2f..%2fetc/messages'), noRoom],
    ['in another’s name', post('linus', lobby, { author: 'ada' }), noMember],
    ['an empty body', post('ada', lobby, { body: '' }), badBody],
    ['8,001 characters', post('ada', lobby, { body: 'é'.repeat(8_001) }), badBody],
    ['U+0000', post('ada', lobby, { body: '\u0000' }), badBody],
    ['a body that is a list', post('ada', lobby, { body: ['x'] }), badField],
    ['no id', post('ada', lobby, { id: undefined }), badField],
    ['an id with a slash', post('ada', lobby, { id: 'a/b' }), badField],
    ['another site', post('ada', lobby, {}, evil), elsewhere],
    ['another site by Fetch Metadata', post('ada', lobby, {}, crossSite), elsewhere],
    ['the same id at once with two texts: one is there', (stage) => raceOfTexts(stage), { status: 1 }],
    ['a form', (stage) => ask('ada', 'POST', lobby, 'id=x&body=y', form)(stage), noJson],
  ],
};
async function raceOfTexts(stage: Stage): Promise<Outcome> {
  const id = unique('race');
  const outcomes = await Promise.all(['one', 'two'].map((body) => ask('ada', 'POST', lobby, { id, body })(stage)));
  return { status: outcomes.filter((outcome) => 'status' in outcome && outcome.status === 201).length };
}

const reading: Door = {
  door: 'GET /api/rooms/:room/messages',
  allowed: ask('grace', 'GET', designers),
  works: ok,
  attacks: [
    ['nobody', ask('nobody', 'GET', designers), notIn],
    ['one who is not in the room', ask('linus', 'GET', lobby), noMember],
    ['one who may not know of the room', ask('linus', 'GET', designers), noRoom],
    ['a room that is not there', ask('linus', 'GET', '/api/rooms/nowhere/messages'), noRoom],
    ['a page before a text', ask('ada', 'GET', (stage) => `${lobby(stage)}?before=x`), badField],
    ['a page of 101', ask('ada', 'GET', (stage) => `${lobby(stage)}?limit=101`), badField],
    ['a page of nothing', ask('ada', 'GET', (stage) => `${lobby(stage)}?limit=0`), badField],
    ['SQL as a limit', ask('ada', 'GET', (stage) => `${lobby(stage)}?limit=1%20UNION%20SELECT`), badField],
    [
      'a page from the closed room by its middle',
      ask('linus', 'GET', (stage) => `${designers(stage)}?after=0`),
      noRoom,
    ],
  ],
};

const member = (room: (stage: Stage) => string, who: (stage: Stage) => string) => (stage: Stage) =>
  `/api/rooms/${room(stage)}/members/${who(stage)}`;
const members: Door = {
  door: 'rooms and members',
  allowed: ask('ada', 'GET', (stage) => `/api/rooms/${stage.designers}/members`),
  works: ok,
  attacks: [
    ['the members of a closed room', ask('linus', 'GET', (stage) => `/api/rooms/${stage.designers}/members`), noRoom],
    [
      'taking somebody out as a member',
      ask(
        'grace',
        'DELETE',
        member(
          (stage) => stage.lobby,
          (stage) => stage.ada.id,
        ),
      ),
      notAllowed,
    ],
    [
      'taking somebody out as a stranger',
      ask(
        'linus',
        'DELETE',
        member(
          (stage) => stage.lobby,
          (stage) => stage.ada.id,
        ),
      ),
      noMember,
    ],
    [
      'taking somebody out of a room one may not know',
      ask(
        'linus',
        'DELETE',
        member(
          (stage) => stage.designers,
          (stage) => stage.ada.id,
        ),
      ),
      noRoom,
    ],
    [
      'adding oneself to a closed room',
      (stage) => ask('linus', 'POST', `/api/rooms/${stage.designers}/members`, { user: stage.linus.id })(stage),
      noRoom,
    ],
    [
      'adding somebody who is not there',
      ask('ada', 'POST', (stage) => `/api/rooms/${stage.lobby}/members`, { user: 'nobody' }),
      { status: 404, code: 'person_not_found' },
    ],
    ['joining a closed room', ask('linus', 'POST', (stage) => `/api/rooms/${stage.designers}/join`, {}), noRoom],
    [
      'joining after having been taken out',
      (stage) => returnAfterRemoval(stage),
      { status: 403, code: 'removed_from_room' },
    ],
    ['a room without a name', ask('ada', 'POST', '/api/rooms', { name: ' ' }), badField],
    ['a room whose name is a list', ask('ada', 'POST', '/api/rooms', { name: [] }), badField],
    ['a room of nobody', ask('nobody', 'POST', '/api/rooms', { name: 'x' }), notIn],
    ['a room from another site', ask('ada', 'POST', '/api/rooms', { name: 'x' }, evil), elsewhere],
  ],
};
async function returnAfterRemoval(stage: Stage): Promise<Outcome> {
  const { id } = await stage.ada.createRoom(unique('room'));
  await stage.linus.join(id);
  await stage.ada.remove(id, stage.linus);
  return call(stage, stage.linus, 'POST', `/api/rooms/${id}/join`, {});
}

async function newInvite(stage: Stage, terms: object = {}): Promise<{ code: string; id: string }> {
  const { body } = await stage.ada.request<{ code: string; id: string }>(
    'POST',
    `/api/rooms/${stage.designers}/invites`,
    terms,
  );
  return body;
}
const accept = async (stage: Stage, visitor: Visitor, code: string) =>
  call(stage, visitor, 'POST', `/api/invites/${code}/accept`, {});
const invites: Door = {
  door: 'invites',
  allowed: async (stage) => accept(stage, await stage.server.signUp(unique('guest')), (await newInvite(stage)).code),
  works: ok,
  attacks: [
    [
      'made by a stranger to the room',
      ask('linus', 'POST', (stage) => `/api/rooms/${stage.designers}/invites`, {}),
      noRoom,
    ],
    [
      'a guessed code',
      (stage) => accept(stage, stage.linus, 'A'.repeat(32)),
      { status: 404, code: 'invite_not_found' },
    ],
    [
      'a code that is a path',
      (stage) => accept(stage, stage.linus, '..%2f..'),
      { status: 404, code: 'invite_not_found' },
    ],
    ['accepted by nobody', async (stage) => accept(stage, stage.server.visit(), (await newInvite(stage)).code), notIn],
    [
      'accepted by GET',
      async (stage) => call(stage, stage.linus, 'GET', `/api/invites/${(await newInvite(stage)).code}/accept`),
      wrongMethod,
    ],
    [
      'one that was taken back',
      async (stage) => {
        const { code, id } = await newInvite(stage);
        await stage.ada.request('DELETE', `/api/rooms/${stage.designers}/invites/${id}`);
        return accept(stage, stage.linus, code);
      },
      { status: 410, code: 'invite_revoked' },
    ],
    [
      'one whose time is over',
      async (stage) => {
        const { code } = await newInvite(stage, { expiresIn: 60 });
        stage.clock.advance(60_000);
        return accept(stage, stage.linus, code);
      },
      { status: 410, code: 'invite_expired' },
    ],
    [
      'the last use by five at once: one enters',
      async (stage) => {
        const { code } = await newInvite(stage, { maxUses: 1 });
        const guests = await Promise.all([1, 2, 3, 4, 5].map(() => stage.server.signUp(unique('racer'))));
        const outcomes = await Promise.all(guests.map((guest) => accept(stage, guest, code)));
        return { status: outcomes.filter((outcome) => 'status' in outcome && outcome.status === 200).length };
      },
      { status: 1 },
    ],
    [
      'without end',
      ask('ada', 'POST', (stage) => `/api/rooms/${stage.designers}/invites`, { expiresIn: 1e12 }),
      badField,
    ],
    [
      'of minus one use',
      ask('ada', 'POST', (stage) => `/api/rooms/${stage.designers}/invites`, { maxUses: -1 }),
      badField,
    ],
    ['from another site', ask('ada', 'POST', (stage) => `/api/rooms/${stage.designers}/invites`, {}, evil), elsewhere],
  ],
};

async function adasPost(stage: Stage): Promise<string> {
  const { body } = await stage.ada.request<{ id: string }>('POST', '/api/posts', { title: 'A post', body: 'of Ada’s' });
  return `/api/posts/${body.id}`;
}
const posts: Door = {
  door: 'posts',
  allowed: async (stage) => call(stage, stage.ada, 'PATCH', await adasPost(stage), { title: 'Another', body: 'text' }),
  works: ok,
  attacks: [
    ['read by nobody', async (stage) => call(stage, stage.server.visit(), 'GET', await adasPost(stage)), notIn],
    [
      'changed by another',
      async (stage) => call(stage, stage.linus, 'PATCH', await adasPost(stage), { title: 'X', body: 'y' }),
      notAllowed,
    ],
    ['deleted by another', async (stage) => call(stage, stage.linus, 'DELETE', await adasPost(stage)), notAllowed],
    ['in another’s name', (stage) => authorOf(stage), ok],
    ['one that is not there', ask('ada', 'GET', '/api/posts/nothing'), { status: 404, code: 'post_not_found' }],
    ['without a title', ask('ada', 'POST', '/api/posts', { body: 'x' }), badField],
    ['of 40,001 characters', ask('ada', 'POST', '/api/posts', { title: 'x', body: 'x'.repeat(40_001) }), badField],
    ['from another site', ask('ada', 'POST', '/api/posts', { title: 'x', body: 'y' }, evil), elsewhere],
    ['a cursor that was made by hand', ask('ada', 'GET', '/api/posts?cursor=eyJ9'), badField],
  ],
};
/** 200 when the post that linus wrote "as ada" is his own. */
async function authorOf(stage: Stage): Promise<Outcome> {
  const written = { title: 'x', body: 'y', author: stage.ada.id };
  const { body } = await stage.linus.request<{ author: { id: string } }>('POST', '/api/posts', written);
  return { status: body.author.id === stage.linus.id ? 200 : 500 };
}

const ways: Door = {
  door: 'any path',
  allowed: ask('nobody', 'GET', '/api/workspace'),
  works: ok,
  attacks: [
    ['one that is not there', ask('ada', 'GET', '/api/nothing'), notFound],
    ['the files of the house', ask('ada', 'GET', '/api/../../secret'), notFound],
    ['the files of the house, encoded', ask('ada', 'GET', '/api/%2e%2e/%2e%2e/secret'), notFound],
    ['a path of 8,000 characters', ask('ada', 'GET', `/api/${'x'.repeat(8_000)}`), notFound],
    ['a broken encoding', ask('ada', 'GET', '/api/rooms/%E0%A4%A'), noRoom],
    [
      'a preflight of another site',
      ask('ada', 'OPTIONS', '/api/rooms', undefined, { ...evil, 'access-control-request-method': 'POST' }),
      { status: 204 },
    ],
    ['the database by its name', ask('ada', 'GET', '/parlour.sqlite'), notFound],
  ],
};

attackDoors('attacks on the API', [
  signIn,
  signUp,
  signOut,
  token,
  account,
  writing,
  reading,
  members,
  invites,
  posts,
  ways,
]);
