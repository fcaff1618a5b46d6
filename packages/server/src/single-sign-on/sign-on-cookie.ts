import { createHash, randomBytes } from 'node:crypto';

const shape = /^[\w-]{43}$/;

/** Ties a sign-in at a provider to the browser that began it: what one browser began, no other can finish. */
export class SignOnCookie {
  readonly #name: string;
  readonly #attributes: string;

  constructor({ secure }: { secure: boolean }) {
    this.#name = `${secure ? '__Host-' : ''}parlour.sign_on`;
    this.#attributes = `Path=/; HttpOnly; ${secure ? 'Secure; ' : ''}SameSite=Lax`;
  }

  /** The hash of what this browser holds. */
  read(header: string | null): string | undefined {
    const value = this.#find(header);
    return value === undefined ? undefined : hash(value);
  }

  /** The one that this browser holds already, so that two of its tabs can sign in side by side, or a new one. */
  keep(header: string | null, seconds: number): { hash: string; cookie: string } {
    const value = this.#find(header) ?? randomBytes(32).toString('base64url');
    return { hash: hash(value), cookie: `${this.#name}=${value}; Max-Age=${seconds}; ${this.#attributes}` };
  }

  clear(): string {
    return `${this.#name}=; Max-Age=0; ${this.#attributes}`;
  }

  #find(header: string | null): string | undefined {
    const prefix = `${this.#name}=`;
    const pairs = (header ?? '').split(';').map((pair) => pair.trim());
    const value = pairs.find((pair) => pair.startsWith(prefix))?.slice(prefix.length);
    return value !== undefined && shape.test(value) ? value : undefined;
  }
}

function hash(value: string): string {
  return createHash('sha256').update(value).digest('base64url');
}
