import { hash } from 'node:crypto';

/** What a token says, and the key that signed it. `exp` and `iat` are seconds since 1970. */
export type ProvedClaims = { kid: string; sub: string; sid: string; exp: number; iat: number };

const kept = 10_000;

/**
 * Tokens that this node has signed or checked, so that the next use of the very same one needs no arithmetic: a
 * signature never becomes wrong. Times, keys and grants do, so those are not remembered. Found by hash: whoever could
 * read this memory would find no token in it.
 */
export class ProvedTokens {
  readonly #claims = new Map<string, ProvedClaims>();

  add(token: string, claims: ProvedClaims): void {
    this.#claims.set(hash('sha256', token, 'base64url'), claims);
    const [oldest] = this.#claims.keys();
    if (this.#claims.size > kept && oldest !== undefined) this.#claims.delete(oldest);
  }

  find(token: string): ProvedClaims | undefined {
    return this.#claims.get(hash('sha256', token, 'base64url'));
  }
}
