import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const shape = /^([\w-]{22})\.([\w-]{43})$/;
/** 400 days: the longest that browsers keep a cookie. */
const seconds = 400 * 24 * 60 * 60;

/**
 * A cookie that says no more than that somebody signed in to a certain account with this browser before (OWASP, "device
 * cookies"). It opens nothing: whoever guesses elsewhere only does not slow this browser down. Nothing of it is stored.
 */
export class KnownBrowsers {
  readonly #key: Uint8Array;
  readonly #name: string;
  readonly #attributes: string;

  constructor({ key, secure }: { key: Uint8Array; secure: boolean }) {
    this.#key = key;
    this.#name = `${secure ? '__Host-parlour' : 'parlour'}.known_browser`;
    this.#attributes = `Max-Age=${seconds}; Path=/; HttpOnly; ${secure ? 'Secure; ' : ''}SameSite=Lax`;
  }

  /** A `Set-Cookie` for a browser that has just signed in to this account. */
  remember(userId: string): string {
    const id = randomBytes(16).toString('base64url');
    return `${this.#name}=${id}.${this.#sign(id, userId).toString('base64url')}; ${this.#attributes}`;
  }

  /** Which browser it is, if it signed in to this account before. */
  find(header: string | null, userId: string): string | undefined {
    const prefix = `${this.#name}=`;
    const cookie = (header ?? '').split(';').find((part) => part.trim().startsWith(prefix));
    const [, id, signature] = shape.exec(cookie?.trim().slice(prefix.length) ?? '') ?? [];
    if (id === undefined || signature === undefined) return undefined;
    return timingSafeEqual(Buffer.from(signature, 'base64url'), this.#sign(id, userId)) ? id : undefined;
  }

  #sign(id: string, userId: string): Buffer {
    return createHmac('sha256', this.#key).update(`${id}.${userId}`).digest();
  }
}
