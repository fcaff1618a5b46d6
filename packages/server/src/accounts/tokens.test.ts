import { createHash, createHmac, generateKeyPairSync, type KeyObject, sign as signData } from 'node:crypto';
import { decodeProtectedHeader, SignJWT } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { TokenKeys, toPublicJwk } from './token-keys.ts';
import { Tokens } from './tokens.ts';

const day = 24 * 60 * 60 * 1_000;
const start = Date.UTC(2026, 0, 5, 9);
const seed = createHash('sha256').update('a house').digest();
const origin = 'https://house.example';
const ada = { user: { id: 'ada', name: 'Ada' }, grantId: 'a-session', expiresAt: start + 90 * day };

let now: number;
let keys: TokenKeys;
let tokens: Tokens;
const clock = { now: () => now };
beforeEach(() => {
  now = start;
  keys = new TokenKeys(seed);
  tokens = new Tokens({ clock, keys, origin: () => origin, ttl: 300 });
});

const refusal = { code: 'not_authenticated', status: 401 };
const claims = { sub: 'ada', sid: 'a-session', iss: origin, aud: `${origin}/api`, jti: '1' };
type Header = Record<string, unknown>;
const sign = (more: Record<string, unknown> = {}, key = keys.current(now), header: Header = {}) =>
  new SignJWT({ iat: now / 1_000, exp: now / 1_000 + 300, ...claims, ...more })
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: 'JWT', ...header })
    .sign(key.privateKey);
const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
const payloadNow = () => encode({ ...claims, iat: now / 1_000, exp: now / 1_000 + 300 });

/** Our header and claims with the signature of another algorithm. */
function signAs(alg: string, signer: (input: string) => Buffer, header: Header = {}): string {
  const input = `${encode({ alg, kid: keys.current(now).kid, typ: 'JWT', ...header })}.${payloadNow()}`;
  return `${input}.${signer(input).toString('base64url')}`;
}

describe('a token', () => {
  it('names person, grant and end, lives 300 s and not a moment longer (A8)', async () => {
    const { token, expiresAt } = await tokens.mint(ada);
    expect(expiresAt).toBe(new Date(start + 300_000).toISOString());
    expect(await tokens.verify(token)).toEqual({ sub: 'ada', sid: 'a-session', expiresAt: start + 300_000 });
    now = start + 299_999;
    await expect(tokens.verify(token)).resolves.toBeDefined();
    now = start + 300_000;
    await expect(tokens.verify(token)).rejects.toMatchObject({ ...refusal, message: 'The token has expired.' });
  });

  it('is judged anew by the time and the keys at each use, also where its signature is known (A8)', async () => {
    const own = await tokens.mint(ada);
    const other = new Tokens({ clock, keys: new TokenKeys(seed), origin: () => origin, ttl: 300 });
    for (const judge of [tokens, other]) {
      now = start;
      expect(await judge.verify(own.token)).toEqual(await judge.verify(own.token));
      now = start + 300_000;
      await expect(judge.verify(own.token)).rejects.toMatchObject(refusal);
      now = start - 31_000;
      await expect(judge.verify(own.token)).rejects.toMatchObject(refusal);
    }
    now = start;
    const lasting = await sign({ exp: (start + 90 * day) / 1_000 });
    await expect(tokens.verify(lasting)).resolves.toBeDefined();
    now = start + 70 * day;
    await expect(tokens.verify(lasting)).rejects.toMatchObject(refusal);
  });

  it('never outlives its grant', async () => {
    const { token, expiresAt } = await tokens.mint({ ...ada, expiresAt: start + 10_500 });
    expect(expiresAt).toBe(new Date(start + 10_000).toISOString());
    expect(await tokens.verify(token)).toMatchObject({ expiresAt: start + 10_000 });
  });

  it('is verified for what the table below changes, unchanged', async () => {
    await expect(tokens.verify(await sign())).resolves.toEqual({
      sub: 'ada',
      sid: 'a-session',
      expiresAt: start + 300_000,
    });
    await expect(tokens.verify(signAs('EdDSA', (input) => signBytes(keys.current(now), input)))).resolves.toBeDefined();
  });

  const inSeconds = (seconds: number) => start / 1_000 + seconds;
  const elsewhere = new TokenKeys(createHash('sha256').update('another house').digest());
  const stranger = generateKeyPairSync('ed25519');
  const strangerJwk = stranger.publicKey.export({ format: 'jwk' });
  const forged = () => ({ ...keys.current(now), privateKey: stranger.privateKey });
  const pem = () => keys.current(now).publicKey.export({ format: 'pem', type: 'spki' });
  const hmac = (secret: string | Buffer) => (input: string) => createHmac('sha256', secret).update(input).digest();
  const refused: [what: string, make: () => string | Promise<string>][] = [
    ['of another house', () => sign({}, elsewhere.current(now))],
    ['signed by a stranger under our key’s name', () => sign({}, forged())],
    ['signed by a stranger who encloses the key', () => sign({}, forged(), { jwk: strangerJwk })],
    [
      'signed by a stranger with the address of a key set',
      () => sign({}, forged(), { jku: 'https://evil.example/keys' }),
    ],
    [
      'signed by a stranger with a certificate',
      () => sign({}, forged(), { x5c: ['AAAA'], x5u: 'https://evil.example' }),
    ],
    ['of an unknown key', () => sign({}, keys.current(now), { kid: 'other' })],
    ['of no key', () => sign({}, keys.current(now), { kid: undefined })],
    ['whose key’s name is a path', () => sign({}, keys.current(now), { kid: '../../dev/null' })],
    ['of the key before the last', () => sign({}, keys.current(now - 60 * day))],
    ['of another issuer', () => sign({ iss: 'https://other.example' })],
    ['without an issuer', () => sign({ iss: undefined })],
    ['for another house', () => sign({ aud: 'https://other.example/api' })],
    ['for the house, but not its API', () => sign({ aud: origin })],
    ['for nobody', () => sign({ aud: undefined })],
    ['without a person', () => sign({ sub: undefined })],
    ['without a grant', () => sign({ sid: undefined })],
    ['whose grant is no text', () => sign({ sid: 7 })],
    ['whose grant is many', () => sign({ sid: ['a-session'] })],
    ['without a name of its own', () => sign({ jti: undefined })],
    ['without a beginning', () => sign({ iat: undefined })],
    ['begun beyond the tolerance', () => sign({ iat: inSeconds(31) })],
    ['good only later', () => sign({ nbf: inSeconds(31) })],
    ['good from no number on', () => sign({ nbf: 'now' })],
    ['without an end', () => sign({ exp: undefined })],
    ['ended at this moment', () => sign({ exp: inSeconds(0) })],
    ['ended within the tolerance', () => sign({ exp: inSeconds(-1) })],
    ['whose end is no number', () => sign({ exp: 'never' })],
    ['of another type', () => sign({}, keys.current(now), { typ: 'logout+jwt' })],
    ['of no type', () => sign({}, keys.current(now), { typ: undefined })],
    ['with an extension that must be understood', () => withCritical()],
    ['unsigned', () => `${encode({ alg: 'none', kid: keys.current(now).kid, typ: 'JWT' })}.${payloadNow()}.`],
    ['unsigned, in other letters', () => signAs('nOnE', () => Buffer.alloc(0))],
    ['with our public point as a shared secret', () => signAs('HS256', hmac(toPublicJwk(keys.current(now)).x))],
    [
      'with its bytes as a shared secret',
      () => signAs('HS256', hmac(Buffer.from(toPublicJwk(keys.current(now)).x, 'base64url'))),
    ],
    ['with our public key as a shared secret', () => signAs('HS256', hmac(pem()))],
    ['with an empty shared secret', () => signAs('HS256', hmac(''))],
    ['on another curve', () => signAs('ES256', otherCurve)],
    ['on another curve by the same name', () => signAs('EdDSA', otherCurve)],
    ['by RSA', () => signAs('RS256', rsa)],
    ['with a shortened signature', async () => (await sign()).slice(0, -4)],
    ['with a signature of nothing but zeros', () => signAs('EdDSA', () => Buffer.alloc(64))],
    ['with other claims under a real signature', async () => withOtherClaims(await sign())],
    ['encrypted to nobody', () => `${encode({ alg: 'dir', enc: 'A256GCM', typ: 'JWT' })}..AAAA.AAAA.AAAA`],
    ['of two parts', () => `${encode({ alg: 'EdDSA' })}.${payloadNow()}`],
    ['no token', () => 'not.a.token'],
    ['nothing', () => ''],
  ];
  for (const [what, make] of refused) {
    it(`is refused: ${what}`, async () => {
      await expect(tokens.verify(await make())).rejects.toMatchObject(refusal);
    });
  }

  it('may begin up to 30 s ahead of this clock', async () => {
    for (const more of [{ iat: inSeconds(29) }, { nbf: inSeconds(29) }, { nbf: inSeconds(-600) }]) {
      await expect(tokens.verify(await sign(more))).resolves.toBeDefined();
    }
  });

  it('is verified by our key alone, whatever key its header speaks of', async () => {
    const spoken = { jwk: strangerJwk, jku: 'https://evil.example/keys', x5u: 'https://evil.example' };
    await expect(tokens.verify(await sign({}, keys.current(now), spoken))).resolves.toBeDefined();
  });
});

function signBytes({ privateKey }: { privateKey: KeyObject }, input: string): Buffer {
  return signData(null, Buffer.from(input), privateKey);
}

function otherCurve(input: string): Buffer {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return signData('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
}

function rsa(input: string): Buffer {
  return signData('sha256', Buffer.from(input), generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
}

function withCritical(): string {
  return signAs('EdDSA', (input) => signBytes(keys.current(now), input), {
    crit: ['https://x.example'],
    'https://x.example': 1,
  });
}

function withOtherClaims(real: string): string {
  const [header, , signature] = real.split('.');
  return `${header}.${encode({ ...claims, sub: 'grace', iat: now / 1_000, exp: now / 1_000 + 300 })}.${signature}`;
}

describe('the keys of tokens', () => {
  it('are the same on every node and after every start, and change every 30 days', async () => {
    const { token } = await tokens.mint(ada);
    const other = new Tokens({ clock, keys: new TokenKeys(seed), origin: () => origin, ttl: 300 });
    await expect(other.verify(token)).resolves.toBeDefined();
    now = start + 30 * day;
    expect(decodeProtectedHeader((await tokens.mint(ada)).token).kid).not.toBe(decodeProtectedHeader(token).kid);
  });

  it('verify what the key before theirs signed, across the turn, to the token’s own end', async () => {
    const period = 30 * day;
    const turn = Math.ceil(start / period) * period;
    now = turn - 100_000;
    const { token } = await tokens.mint({ ...ada, expiresAt: turn + 90 * day });
    const { kid } = decodeProtectedHeader(token);
    for (const later of [turn - 1, turn, turn + 199_999]) {
      now = later;
      await expect(tokens.verify(token)).resolves.toMatchObject({ sid: 'a-session' });
    }
    expect(keys.current(now).kid).not.toBe(kid);
    now = turn + 200_000;
    await expect(tokens.verify(token)).rejects.toMatchObject({ ...refusal, message: 'The token has expired.' });
  });

  it('verify what a node whose clock has turned already signs', async () => {
    const turn = Math.ceil(start / (30 * day)) * 30 * day;
    now = turn + 10_000;
    const { token } = await tokens.mint({ ...ada, expiresAt: turn + 90 * day });
    now = turn - 10_000;
    expect(decodeProtectedHeader(token).kid).not.toBe(keys.current(now).kid);
    await expect(tokens.verify(token)).resolves.toBeDefined();
  });

  it('are published one period before and one after their own', () => {
    const { kid } = keys.current(now);
    const isPublished = (at: number) => keys.find(kid, at) !== undefined;
    expect([-60, -30, 0, 30, 60].map((days) => isPublished(start + days * day))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  it('show only their public half', () => {
    for (const key of keys.published(now)) {
      expect(toPublicJwk(key)).toEqual({
        kty: 'OKP',
        crv: 'Ed25519',
        x: expect.stringMatching(/^[\w-]{43}$/),
        kid: expect.stringMatching(/^\d+-[\w-]{16}$/),
        alg: 'EdDSA',
        use: 'sig',
      });
    }
  });
});
