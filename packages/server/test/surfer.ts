import type { Visitor } from './visitor.ts';

type Jar = Map<string, string>;
export type Landing = { url: URL; status: number; text: string };

/** A browser that goes from a house to its provider and back, without scripts: it follows what leads on, page by page. */
export class Surfer {
  /** The same browser at the house. */
  readonly visitor: Visitor;
  readonly #jars = new Map<string, Jar>();
  /** Every address it was at, in order. */
  readonly trail: URL[] = [];

  constructor(visitor: Visitor) {
    this.visitor = visitor;
  }

  /** Presses the button of a provider, and goes wherever that leads. */
  async signOn(provider: string, fields: Record<string, string> = {}): Promise<Landing> {
    return await this.follow(await this.press(provider, fields));
  }

  /** Presses it, and stands before the provider: answers where it leads. */
  async press(provider: string, fields: Record<string, string> = {}): Promise<URL> {
    return await this.#submit(`/api/auth/oidc/${provider}`, fields);
  }

  /** The same for the button that links, in the settings. */
  async link(provider: string): Promise<Landing> {
    const { body } = await this.visitor.request<{ url: string }>('POST', `/api/account/identities/${provider}`);
    return await this.follow(new URL(body.url));
  }

  /** Goes on until a page of the house, or one that leads nowhere. With `until`, it stops before such an address. */
  async follow(start: URL, until: (url: URL) => boolean = () => false): Promise<Landing> {
    let url = start;
    for (let steps = 0; steps < 20; steps += 1) {
      if (until(url) || (this.#isHouse(url) && !url.pathname.startsWith('/api/'))) return { url, status: 0, text: '' };
      const response = await this.#load(url);
      const next = findNext(response, url);
      if (next === undefined) return { url, status: response.status, text: await response.text() };
      url = next;
    }
    throw new Error(`going round in circles: ${this.trail.slice(-5).join(' ')}`);
  }

  async #submit(path: string, fields: Record<string, string>): Promise<URL> {
    const url = new URL(path, this.visitor.origin);
    const response = await this.#load(url, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { 'sec-fetch-site': 'same-origin', origin: url.origin },
    });
    const next = findNext(response, url);
    if (next === undefined) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return next;
  }

  async #load(url: URL, init: RequestInit = {}): Promise<Response> {
    this.trail.push(url);
    const isHouse = this.#isHouse(url);
    const jar = this.#jars.get(url.origin) ?? new Map();
    this.#jars.set(url.origin, jar);
    const cookie = isHouse ? this.visitor.cookie : [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(cookie === '' ? {} : { cookie }), ...(init.headers as Record<string, string>) };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      if (isHouse) this.visitor.take(line);
      else keep(jar, line);
    }
    return response;
  }

  #isHouse(url: URL): boolean {
    return url.origin === this.visitor.origin;
  }
}

function findNext(response: Response, url: URL): URL | undefined {
  const location = response.headers.get('location');
  const [, refresh] = /^0;\s*url=(.*)$/.exec(response.headers.get('refresh') ?? '') ?? [];
  const next = location ?? refresh;
  return next === undefined || next === null ? undefined : new URL(next, url);
}

function keep(jar: Jar, line: string): void {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
  if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(name);
  else jar.set(name, value);
}
