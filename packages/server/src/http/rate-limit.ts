import { ParlourError } from '@parlour/protocol/errors';
import type { MiddlewareHandler } from 'hono';
import type { Clock } from '../clock.ts';
import { TokenBucket } from '../token-bucket.ts';
import { GuessDelay } from './guess-delay.ts';
import type { AppEnv } from './http-app.ts';
import { callerOf } from './require-caller.ts';

export type Rate = { perSecond: number; burst: number };
type RateLimitOptions = Rate & { clock: Clock; keyMaximum?: number };

/** Counts by key, with room for a set number of keys: the one that was silent longest is forgotten first. */
export class RateLimit {
  readonly #options: Required<RateLimitOptions>;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(options: RateLimitOptions) {
    this.#options = { keyMaximum: 10_000, ...options };
  }

  /** Throws `rate_limited` with the seconds to wait. */
  count(key: string): void {
    const { perSecond, burst, clock, keyMaximum } = this.#options;
    const now = clock.now();
    const bucket = this.#buckets.get(key) ?? new TokenBucket(perSecond, burst, now);
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    for (const oldest of this.#buckets.keys()) {
      if (this.#buckets.size <= keyMaximum) break;
      this.#buckets.delete(oldest);
    }
    const wait = bucket.take(now);
    if (wait > 0) throw tooMany(Math.max(1, Math.ceil(wait)));
  }

  /** Counts what turned out to be worth more than one, for those to come. */
  charge(key: string, more: number): void {
    this.#buckets.get(key)?.charge(more);
  }

  /** Forgives what was counted, as after a right password. */
  forget(key: string): void {
    this.#buckets.delete(key);
  }
}

export type RateLimits = {
  /** Wrong passwords for one account from one network, or from one browser that it knows. */
  account: Limiter;
  /** Wrong passwords for one account, from wherever it was not signed in to before. */
  guesses: Pick<GuessDelay, 'waitOf' | 'count'>;
  /** Attempts to sign in, to claim, from one network. */
  signIn: Limiter;
  signUp: Limiter;
  invite: Limiter;
  /** Tickets for one person. */
  ticket: Limiter;
  /** Codes of a second factor for one person, who has shown the password already. */
  secondFactor: Limiter;
  /** Requests for a reset from one network, and for one address, wherever they come from. */
  reset: Limiter;
  resetAddress: Limiter;
  /** Links of mails that are opened from one network: resets, verifications. */
  verify: Limiter;
  /** Mails that one person has sent to addresses of their choice. */
  mail: Limiter;
  /** Starts and returns of single sign-on from one network. */
  singleSignOn: Limiter;
  /** What providers report behind the back of the browser, from one network. */
  backChannel: Limiter;
  /** Upgrades to a socket from one network. */
  upgrade: Limiter & Pick<RateLimit, 'charge'>;
  /** Pages that are rendered for one network. */
  page: Limiter;
  /** Exports of the audit log by one person. */
  export: Limiter;
  /** All requests to the API of one person, or of one network where nobody is signed in. */
  api: Limiter;
};
export type Limiter = Pick<RateLimit, 'count' | 'forget'>;

const rates = {
  account: { perSecond: 1 / 20, burst: 10 },
  signIn: { perSecond: 2, burst: 100 },
  signUp: { perSecond: 0.5, burst: 100 },
  invite: { perSecond: 2, burst: 100 },
  ticket: { perSecond: 5, burst: 100 },
  secondFactor: { perSecond: 1 / 30, burst: 5 },
  reset: { perSecond: 1 / 10, burst: 20 },
  resetAddress: { perSecond: 1 / 600, burst: 3 },
  verify: { perSecond: 1, burst: 50 },
  mail: { perSecond: 1 / 60, burst: 20 },
  singleSignOn: { perSecond: 2, burst: 100 },
  backChannel: { perSecond: 50, burst: 500 },
  upgrade: { perSecond: 100, burst: 2_000 },
  page: { perSecond: 20, burst: 500 },
  export: { perSecond: 1 / 60, burst: 10 },
  api: { perSecond: 30, burst: 600 },
} satisfies Record<Exclude<keyof RateLimits, 'guesses'>, Rate>;

const nothing = () => undefined;
const unlimited: RateLimits['upgrade'] = { count: nothing, forget: nothing, charge: nothing };
const undelayed: RateLimits['guesses'] = { waitOf: () => 0, count: () => () => undefined };

/** `on: false` is for benchmarks only. */
export function createRateLimits(clock: Clock, on: boolean): RateLimits {
  const limit = (rate: Rate) => (on ? new RateLimit({ ...rate, clock }) : unlimited);
  const entries = Object.entries(rates).map(([name, rate]) => [name, limit(rate)]);
  return { ...(Object.fromEntries(entries) as RateLimits), guesses: on ? new GuessDelay({ clock }) : undelayed };
}

export function limitByNetwork(limiter: Limiter): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    // In-process calls without an address are made by the server itself.
    const address = c.get('clientAddress');
    if (address !== '') limiter.count(networkOf(address));
    await next();
  };
}

/** By person, or by network where nobody is signed in. */
export function limitByCaller(limiter: Limiter): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const caller = c.get('caller');
    const address = c.get('clientAddress');
    if (caller !== undefined) limiter.count(caller.user.id);
    else if (address !== '') limiter.count(networkOf(address));
    await next();
  };
}

export function limitByPerson(limiter: Limiter): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    limiter.count(callerOf(c).user.id);
    await next();
  };
}

/** One subscriber of an IPv6 network holds a /64, so that is what counts as one. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('%', 1)[0]?.split('::') ?? [];
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const rest = tail === '' ? [] : tail.split(':');
    while (groups.length + rest.length < 8) groups.push('0');
    groups.push(...rest);
  }
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, '').toLowerCase())
    .join(':');
}

export function tooMany(retryAfter: number): ParlourError {
  const wait = retryAfter === 1 ? 'a second' : `${retryAfter} seconds`;
  return new ParlourError('rate_limited', `Too many attempts. Try again in ${wait}.`, { retryAfter });
}
