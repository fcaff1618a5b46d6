import { randomUUID } from 'node:crypto';
import { ParlourError } from '@parlour/protocol/errors';
import { errors, jwtVerify, SignJWT } from 'jose';
import type { Clock } from '../clock.ts';
import type { Caller } from './caller.ts';
import { type ProvedClaims, ProvedTokens } from './proved-tokens.ts';
import type { TokenKeys } from './token-keys.ts';

/** Seconds by which another node's clock may be ahead; an end is never stretched. */
const clockTolerance = 30;
/** What a token says that it is (RFC 8725, section 3.11): nothing else that is signed here passes for one. */
const tokenType = 'JWT';

export type TokenOptions = {
  clock: Clock;
  keys: TokenKeys;
  /** Who issues and whom it is for: this house. */
  origin(): string;
  /** Seconds that a token lives. */
  ttl: number;
};
export type MintedToken = { token: string; expiresAt: string };
/** A token that was verified: whose it is, which grant it hangs on, and when it ends (ms since 1970). */
export type VerifiedToken = { sub: string; sid: string; expiresAt: number };

/** JSON Web Tokens (RFC 7519) that name a person and a grant. They carry no rights: those are read from the live grant. */
export class Tokens {
  readonly #options: TokenOptions;
  readonly #proved = new ProvedTokens();

  constructor(options: TokenOptions) {
    this.#options = options;
  }

  /** Never past the grant's end. */
  async mint({ user, grantId, expiresAt }: Pick<Caller, 'user' | 'grantId' | 'expiresAt'>): Promise<MintedToken> {
    const { clock, keys, ttl } = this.#options;
    const now = Math.floor(clock.now() / 1_000);
    const exp = Math.min(now + ttl, Math.floor(expiresAt / 1_000));
    const { kid, privateKey } = keys.current(clock.now());
    const token = await new SignJWT({ sid: grantId })
      .setProtectedHeader({ alg: 'EdDSA', kid, typ: tokenType })
      .setSubject(user.id)
      .setIssuer(this.#options.origin())
      .setAudience(this.#audience)
      .setIssuedAt(now)
      .setExpirationTime(exp)
      .setJti(randomUUID())
      .sign(privateKey);
    this.#proved.add(token, { kid, sub: user.id, sid: grantId, exp, iat: now });
    return { token, expiresAt: new Date(exp * 1_000).toISOString() };
  }

  /** Throws `not_authenticated`. */
  async verify(token: string): Promise<VerifiedToken> {
    const now = this.#options.clock.now();
    const { kid, sub, sid, exp, iat } = this.#proved.find(token) ?? (await this.#prove(token, now));
    this.#publicKey(kid, now);
    if (exp * 1_000 <= now) throw notAuthenticated('The token has expired.');
    if (iat > now / 1_000 + clockTolerance) throw notAuthenticated('The token is from the future.');
    return { sub, sid, expiresAt: exp * 1_000 };
  }

  /** What depends on nothing but the token itself; what depends on the time is judged at each use. */
  async #prove(token: string, now: number): Promise<ProvedClaims> {
    const { kid = '', claims } = await this.#readClaims(token, now);
    const { sub, sid, exp, iat, nbf } = claims;
    const isText = typeof sub === 'string' && typeof sid === 'string';
    if (!isText || exp === undefined || iat === undefined) throw notAuthenticated('The token lacks a claim.');
    const proved = { kid, sub, sid, exp, iat };
    if (nbf === undefined) this.#proved.add(token, proved);
    return proved;
  }

  async #readClaims(token: string, now: number) {
    try {
      const { payload, protectedHeader } = await jwtVerify(token, ({ kid = '' }) => this.#publicKey(kid, now), {
        algorithms: ['EdDSA'],
        typ: tokenType,
        issuer: this.#options.origin(),
        audience: this.#audience,
        requiredClaims: ['sub', 'sid', 'exp', 'iat', 'jti'],
        currentDate: new Date(now),
        // For `nbf`; it would stretch `exp` too, which is compared with the time itself afterwards.
        clockTolerance,
      });
      return { kid: protectedHeader.kid, claims: payload };
    } catch (cause) {
      if (cause instanceof errors.JWTExpired) throw notAuthenticated('The token has expired.', cause);
      if (cause instanceof errors.JOSEError) throw notAuthenticated('The token is not valid.', cause);
      throw cause;
    }
  }

  #publicKey(kid: string, now: number) {
    const key = this.#options.keys.find(kid, now);
    if (key === undefined) throw notAuthenticated('The token is not valid.');
    return key.publicKey;
  }

  get #audience(): string {
    return `${this.#options.origin()}/api`;
  }
}

function notAuthenticated(message: string, cause?: unknown): ParlourError {
  return new ParlourError('not_authenticated', message, { cause });
}
