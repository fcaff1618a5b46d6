import { createHash, sign as signBytes } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { proveToken } from './prove-token.ts';
import { type TokenKey, TokenKeys } from './token-keys.ts';

const month = 30 * 24 * 60 * 60 * 1_000;
const now = Date.UTC(2026, 0, 5, 9);
const keys = new TokenKeys(createHash('sha256').update('a house').digest());
const key = keys.current(now);
const issuer = 'https://house.example';
const audience = `${issuer}/api`;
const claims = { sub: 'ada', sid: 'a-session', iss: issuer, aud: audience, jti: '1', iat: 100, exp: 400 };
const header = { alg: 'EdDSA', kid: key.kid, typ: 'JWT' };
const expected = { kid: key.kid, sub: 'ada', sid: 'a-session', iat: 100, exp: 400, nbf: undefined };

const prove = (token: string) => proveToken(token, { issuer, audience, findKey: (kid) => keys.find(kid, now) });
const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
/** What our own key signs, whatever it is. */
const sign = (head: unknown, payload: unknown, by: TokenKey = key) => {
  const content = `${encode(head)}.${encode(payload)}`;
  return `${content}.${signBytes(null, Buffer.from(content), by.privateKey).toString('base64url')}`;
};
const good = sign(header, claims);

describe('a token is proved by signing it again (A8)', () => {
  it('as the library that everybody verifies with has signed it, and would verify it', async () => {
    const theirs = await new SignJWT(claims).setProtectedHeader(header).sign(key.privateKey);
    expect(theirs).toBe(good);
    expect(prove(theirs)).toEqual(expected);
    await expect(jwtVerify(good, key.publicKey, { currentDate: new Date(200_000) })).resolves.toBeDefined();
  });

  it('by whichever key of the house it names: the one before, the present and the next', () => {
    for (const by of keys.published(now))
      expect(prove(sign({ ...header, kid: by.kid }, claims, by))).toEqual({ ...expected, kid: by.kid });
    const [before, , after] = [keys.current(now - month), key, keys.current(now + month)];
    for (const by of [before, after]) expect(prove(sign(header, claims, by))).toBeUndefined();
    const tooOld = keys.current(now - 2 * month);
    expect(prove(sign({ ...header, kid: tooOld.kid }, claims, tooOld))).toBeUndefined();
  });

  it('and with any one letter changed, left out or put in it is none', () => {
    expect(prove(good)).toEqual(expected);
    for (let at = 0; at < good.length; at += 1) {
      const other = good[at] === 'A' ? 'B' : 'A';
      const [before, after] = [good.slice(0, at), good.slice(at + 1)];
      expect(prove(`${before}${other}${after}`), `letter ${at} changed`).toBeUndefined();
      expect(prove(`${before}${after}`), `letter ${at} left out`).toBeUndefined();
      expect(prove(`${before}${other}${good.slice(at)}`), `letter ${at} put in`).toBeUndefined();
    }
  });

  it('and cut off anywhere, or lengthened, it is none', () => {
    for (let length = 0; length < good.length; length += 1) expect(prove(good.slice(0, length))).toBeUndefined();
    for (const more of ['=', '==', '.', ' ', '\n', 'A', '.AAAA']) expect(prove(`${good}${more}`)).toBeUndefined();
    expect(prove(` ${good}`)).toBeUndefined();
  });

  it('and its signature has one spelling, although others decode to the same bytes', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const signature = (token: string) => Buffer.from(token.split('.')[2] ?? '', 'base64url').toString('hex');
    const same = [...alphabet]
      .map((letter) => `${good.slice(0, -1)}${letter}`)
      .filter((token) => signature(token) === signature(good));
    expect(same).toHaveLength(16);
    expect(same.filter((token) => prove(token) !== undefined)).toEqual([good]);
    const inOtherLetters = good.replaceAll('-', '+').replaceAll('_', '/');
    expect(inOtherLetters).not.toBe(good);
    expect(prove(inOtherLetters)).toBeUndefined();
  });

  const refused: [what: string, token: string][] = [
    ['of another algorithm', sign({ ...header, alg: 'HS256' }, claims)],
    ['of none', sign({ ...header, alg: 'none' }, claims)],
    ['of the algorithm’s newer name', sign({ ...header, alg: 'Ed25519' }, claims)],
    ['of the algorithm in other letters', sign({ ...header, alg: 'eddsa' }, claims)],
    ['of many algorithms', sign({ ...header, alg: ['EdDSA'] }, claims)],
    ['without an algorithm', sign({ ...header, alg: undefined }, claims)],
    ['of another type', sign({ ...header, typ: 'logout+jwt' }, claims)],
    ['without a type', sign({ ...header, typ: undefined }, claims)],
    ['whose key has no name', sign({ ...header, kid: undefined }, claims)],
    ['whose key’s name is a number', sign({ ...header, kid: 1 }, claims)],
    ['with what must be understood', sign({ ...header, crit: ['b64'], b64: false }, claims)],
    ['with nothing that must be understood, and says so', sign({ ...header, crit: [] }, claims)],
    ['whose header is a list', sign([header], claims)],
    ['whose header is nothing', sign(null, claims)],
    ['whose claims are a list', sign(header, [claims])],
    ['whose claims are nothing', sign(header, null)],
    ['whose claims are a text', sign(header, 'claims')],
    ['of another issuer', sign(header, { ...claims, iss: 'https://other.example' })],
    ['of many issuers', sign(header, { ...claims, iss: [issuer] })],
    ['for somebody else', sign(header, { ...claims, aud: issuer })],
    ['for nobody of many', sign(header, { ...claims, aud: [] })],
    ...Object.keys(claims).map((name): [string, string] => [
      `without ${name}`,
      sign(header, { ...claims, [name]: undefined }),
    ]),
    ...['sub', 'sid', 'exp', 'iat', 'nbf'].map((name): [string, string] => [
      `whose ${name} is of another kind`,
      sign(header, { ...claims, [name]: [1] }),
    ]),
    ['whose end is a text', sign(header, { ...claims, exp: '400' })],
  ];
  for (const [what, token] of refused) {
    it(`and none of ours is one ${what}, although our key signed it`, () => {
      expect(prove(token)).toBeUndefined();
    });
  }

  it('also where it is for us among others, and good only from some moment on', () => {
    expect(prove(sign(header, { ...claims, aud: ['other', audience] }))).toEqual(expected);
    expect(prove(sign(header, { ...claims, nbf: 150 }))).toEqual({ ...expected, nbf: 150 });
  });
});
