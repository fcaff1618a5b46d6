/** Ties the second step of a login to the browser that did the first. */
export class SecondStepCookie {
  readonly #name: string;
  readonly #attributes: string;

  constructor({ secure }: { secure: boolean }) {
    this.#name = `${secure ? '__Host-' : ''}parlour.second_step`;
    this.#attributes = `Path=/; HttpOnly; ${secure ? 'Secure; ' : ''}SameSite=Strict`;
  }

  make(secret: string, seconds: number): string {
    return `${this.#name}=${secret}; Max-Age=${seconds}; ${this.#attributes}`;
  }

  clear(): string {
    return `${this.#name}=; Max-Age=0; ${this.#attributes}`;
  }

  read(header: string | null): string | undefined {
    const prefix = `${this.#name}=`;
    const pairs = (header ?? '').split(';').map((pair) => pair.trim());
    return pairs.find((pair) => pair.startsWith(prefix))?.slice(prefix.length);
  }
}
