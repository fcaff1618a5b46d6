import { randomUUID } from 'node:crypto';
import { ParlourError } from '@parlour/protocol/errors';
import { SignJWT } from 'jose';
import type { Clock } from '../clock.ts';
import type { Caller } from './caller.ts';
import { proveToken, type SignedClaims, tokenType } from './prove-token.ts';
import { ProvedTokens } from './proved-tokens.ts';
import type { TokenKeys } from './token-keys.ts';

/** Seconds by which another node's clock may be ahead; an end is never stretched. */
const clockTolerance = 30;

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
    const known = this.#proved.find(token);
    const claims: SignedClaims = known ?? this.#prove(token, now);
    const { kid, sub, sid, exp, iat, nbf } = claims;
    if (this.#options.keys.find(kid, now) === undefined) throw notAuthenticated('The token is not valid.');
    judge(claims, now);
    if (known === undefined && nbf === undefined) this.#proved.add(token, { kid, sub, sid, exp, iat });
    return { sub, sid, expiresAt: exp * 1_000 };
  }

  #prove(token: string, now: number): SignedClaims {
    const claims = proveToken(token, {
      issuer: this.#options.origin(),
      audience: this.#audience,
      findKey: (kid) => this.#options.keys.find(kid, now),
    });
    if (claims === undefined) throw notAuthenticated('The token is not valid.');
    return claims;
  }

  get #audience(): string {
    return `${this.#options.origin()}/api`;
  }
}

/** What depends on the time is judged at each use, whether or not the token is known. */
function judge({ exp, iat, nbf = 0 }: SignedClaims, now: number): void {
  if (exp * 1_000 <= now) throw notAuthenticated('The token has expired.');
  if (Math.max(iat, nbf) > now / 1_000 + clockTolerance) throw notAuthenticated('The token is from the future.');
}

function notAuthenticated(message: string): ParlourError {
  return new ParlourError('not_authenticated', message);
}
