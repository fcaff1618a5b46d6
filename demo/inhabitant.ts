import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../packages/server/src/clock.ts';
import { demoPassword, emailOf, type PersonKey, people } from './people.ts';

const moments = new AsyncLocalStorage<number>();

/** Shows each request the moment at which it is said to happen, however many of different moments are under way. */
export const historicClock: Clock = { now: () => moments.getStore() ?? Date.now() };

export function atMoment<Result>(at: number, act: () => Promise<Result>): Promise<Result> {
  return moments.run(at, act);
}

type Answer = (request: Request) => Promise<Response>;

/** Somebody of the sample workspace, who does what people do: through the API, signed in. */
export class Inhabitant {
  /** Known once they have signed up. */
  id = '';
  readonly #answer: Answer;
  readonly #key: PersonKey;
  #cookie = '';

  constructor(answer: Answer, key: PersonKey) {
    this.#answer = answer;
    this.#key = key;
  }

  async signUp(at: number, more: { claim: string } | { invite: string } | object): Promise<void> {
    const account = { name: people[this.#key], email: emailOf(this.#key), password: demoPassword };
    const { user } = await this.ask<{ user: { id: string } }>(at, 'POST', '/api/auth/sign-up/email', {
      ...account,
      ...more,
    });
    this.id = user.id;
  }

  /** Throws when the answer is a refusal: the plan asks for nothing that is not allowed. */
  async ask<Body>(at: number, method: string, path: string, body?: unknown): Promise<Body> {
    const request = new Request(`http://localhost${path}`, {
      method,
      headers: { 'content-type': 'application/json', cookie: this.#cookie },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const response = await atMoment(at, () => this.#answer(request));
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0]);
    if (cookies.length > 0) this.#cookie = cookies.join('; ');
    return (text === '' ? undefined : JSON.parse(text)) as Body;
  }
}
