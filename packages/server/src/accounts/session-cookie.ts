import { hash } from 'node:crypto';
import { newSecret } from '../new-secret.ts';

const shape = /^[\w-]{43}$/;

/** The cookie that a session is: 256 random bits, of which the table holds the SHA-256. */
export class SessionCookie {
  readonly #name: string;
  readonly #attributes: string;

  constructor({ secure }: { secure: boolean }) {
    this.#name = `${secure ? '__Host-parlour' : 'parlour'}.session_token`;
    this.#attributes = `Path=/; HttpOnly; ${secure ? 'Secure; ' : ''}SameSite=Lax`;
  }

  /** The hash of the session's token, if the cookie is there and looks like one of ours. */
  read(header: string | null | undefined): string | undefined {
    const prefix = `${this.#name}=`;
    for (const part of (header ?? '').split(';')) {
      const pair = part.trim();
      if (!pair.startsWith(prefix)) continue;
      const token = pair.slice(prefix.length);
      return shape.test(token) ? hashToken(token) : undefined;
    }
    return undefined;
  }

  /** A new token: its hash for the table, and the `Set-Cookie` that takes it to the browser for so many seconds. */
  make(seconds: number): { tokenHash: string; cookie: string } {
    const token = newSecret();
    return { tokenHash: hashToken(token), cookie: `${this.#name}=${token}; Max-Age=${seconds}; ${this.#attributes}` };
  }

  /** A `Set-Cookie` that makes the browser forget it. */
  clear(): string {
    return `${this.#name}=; Max-Age=0; ${this.#attributes}`;
  }
}

function hashToken(token: string): string {
  return hash('sha256', token, 'base64url');
}
