export type OriginOptions = {
  /** The origin that PUBLIC_URL names, if it is set. */
  publicOrigin: string | undefined;
  /** Further origins whose pages may call with a bearer token. */
  listed: readonly string[];
  /** The port that the server listens on, which is known only then. */
  port(): number;
};

const loopbacks = ['localhost', '127.0.0.1', '[::1]'];

/** Which origins are this house's own. Never taken from the Host header, which whoever sends the request chooses. */
export class Origins {
  readonly #options: OriginOptions;

  constructor(options: OriginOptions) {
    this.#options = options;
  }

  /** The origin to show in links and to put into tokens. */
  get own(): string {
    return this.#options.publicOrigin ?? this.#loopback('localhost');
  }

  /** The house's own origins for sockets, as a policy of pages can name them: IPv6 addresses it cannot. */
  get sockets(): string[] {
    const { publicOrigin } = this.#options;
    const own = publicOrigin === undefined ? loopbacks.map((host) => this.#loopback(host)) : [publicOrigin];
    return own.filter((origin) => !origin.includes('[')).map((origin) => origin.replace(/^http/, 'ws'));
  }

  isOurs(origin: string): boolean {
    const { publicOrigin } = this.#options;
    if (publicOrigin !== undefined) return origin === publicOrigin;
    return loopbacks.some((host) => origin === this.#loopback(host));
  }

  isListed(origin: string): boolean {
    return this.#options.listed.includes(origin);
  }

  /** Whether a page of this origin may call with a bearer token and open sockets. */
  allows(origin: string): boolean {
    return this.isOurs(origin) || this.isListed(origin);
  }

  // Through URL, because a browser leaves port 80 out.
  #loopback(host: string): string {
    return new URL(`http://${host}:${this.#options.port()}`).origin;
  }
}
