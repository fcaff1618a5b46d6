import type { Hono } from 'hono';
import type { AppEnv } from '../src/http/http-app.ts';

export type BrowserAnswer = {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of it.
  body: any;
  text: string;
};

/** Keeps cookies as a browser does, and calls an application in-process. */
export class TestBrowser {
  readonly #app: Hono<AppEnv>;
  readonly #headers: Record<string, string>;
  readonly #clientAddress: string;
  readonly cookies = new Map<string, string>();

  constructor(app: Hono<AppEnv>, headers: Record<string, string> = {}, clientAddress = '192.0.2.1') {
    this.#clientAddress = clientAddress;
    this.#app = app;
    this.#headers = headers;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<BrowserAnswer> {
    return this.request('GET', path, { headers });
  }

  post(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<BrowserAnswer> {
    return this.json('POST', path, body, headers);
  }

  json(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<BrowserAnswer> {
    if (body === undefined) return this.request(method, path, { headers });
    return this.request(method, path, {
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  async request(method: string, path: string, init: { headers?: Record<string, string>; body?: BodyInit } = {}) {
    const response = await this.#app.request(
      `http://house.example${path}`,
      { method, ...init, headers: { ...this.#headers, ...this.#cookieHeader(), ...init.headers } },
      { clientAddress: this.#clientAddress },
    );
    this.#keepCookies(response.headers);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : undefined, text };
  }

  #cookieHeader(): Record<string, string> {
    if (this.cookies.size === 0) return {};
    return { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
  }

  #keepCookies(headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/max-age=0(;|$)/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}
