import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto';

/** A pair of keys lives for three of these: published one before, used in its own, published one after. */
const period = 30 * 24 * 60 * 60 * 1_000;
// An Ed25519 private key in PKCS #8 (RFC 8410) is this, then its 32 bytes.
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

export type TokenKey = { kid: string; privateKey: KeyObject; publicKey: KeyObject };
export type PublicJwk = { kty: 'OKP'; crv: 'Ed25519'; x: string; kid: string; alg: 'EdDSA'; use: 'sig' };

/** Keys derived from one seed by the number of the 30-day period, so that nothing is stored and every node agrees. */
export class TokenKeys {
  readonly #seed: Uint8Array;
  readonly #keys = new Map<number, TokenKey>();

  constructor(seed: Uint8Array) {
    this.#seed = seed;
  }

  current(now: number): TokenKey {
    return this.#key(generationAt(now));
  }

  /** The previous, the current and the next one: clocks differ, and tokens outlive the turn of a period. */
  published(now: number): TokenKey[] {
    const generation = generationAt(now);
    for (const old of this.#keys.keys()) if (Math.abs(old - generation) > 1) this.#keys.delete(old);
    return [generation - 1, generation, generation + 1].map((number) => this.#key(number));
  }

  find(kid: string, now: number): TokenKey | undefined {
    return this.published(now).find((key) => key.kid === kid);
  }

  #key(generation: number): TokenKey {
    const known = this.#keys.get(generation);
    if (known !== undefined) return known;
    const made = deriveKey(this.#seed, generation);
    this.#keys.set(generation, made);
    return made;
  }
}

export function toPublicJwk({ kid, publicKey }: TokenKey): PublicJwk {
  return { kty: 'OKP', crv: 'Ed25519', x: publicPoint(publicKey), kid, alg: 'EdDSA', use: 'sig' };
}

function generationAt(now: number): number {
  return Math.floor(now / period);
}

function deriveKey(seed: Uint8Array, generation: number): TokenKey {
  const bytes = hkdfSync('sha256', seed, new Uint8Array(), `parlour token key ${generation}`, 32);
  const der = Buffer.concat([pkcs8Prefix, new Uint8Array(bytes)]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey);
  return { kid: `${generation}-${thumbprint(publicPoint(publicKey))}`, privateKey, publicKey };
}

function publicPoint(publicKey: KeyObject): string {
  return publicKey.export({ format: 'jwk' }).x ?? '';
}

// RFC 7638, over the members that RFC 8037 requires, in their order.
function thumbprint(x: string): string {
  return createHash('sha256').update(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).digest('base64url').slice(0, 16);
}
