import { hash } from 'node:crypto';
import type { Ticket } from '@parlour/protocol/accounts';
import type { Clock } from '../clock.ts';
import { newSecret } from '../new-secret.ts';
import type { Caller } from './caller.ts';

/** Tickets are limited by person; what lies beyond this many at a time is a flood, and the oldest go. */
const kept = 100_000;

export type TicketOptions = {
  clock: Clock;
  /** Seconds. */
  ttl: number;
};
export type TicketHolder = { grantId: string; userId: string };

/**
 * What opens one socket, once. In memory, because the process that gives a ticket is the one that takes it, and because
 * none must outlive it; by hash, so that whoever reads that memory opens nothing.
 */
export class Tickets {
  readonly #options: TicketOptions;
  readonly #held = new Map<string, TicketHolder & { expiresAt: number }>();

  constructor(options: TicketOptions) {
    this.#options = options;
  }

  issue({ grantId, user, expiresAt: grantEnd }: Caller): Ticket {
    const { clock, ttl } = this.#options;
    const ticket = newSecret();
    const expiresAt = Math.min(clock.now() + ttl * 1_000, grantEnd);
    this.#held.set(hashTicket(ticket), { grantId, userId: user.id, expiresAt });
    const [oldest] = this.#held.keys();
    if (this.#held.size > kept && oldest !== undefined) this.#held.delete(oldest);
    return { ticket, expiresAt: new Date(expiresAt).toISOString() };
  }

  /** Uses a ticket up: whose it was, or undefined for one that is unknown, used or expired. */
  use(ticket: string): TicketHolder | undefined {
    const key = hashTicket(ticket);
    const found = this.#held.get(key);
    this.#held.delete(key);
    if (found === undefined || found.expiresAt <= this.#options.clock.now()) return undefined;
    return { grantId: found.grantId, userId: found.userId };
  }

  purge(): void {
    const now = this.#options.clock.now();
    for (const [key, { expiresAt }] of this.#held) if (expiresAt <= now) this.#held.delete(key);
  }
}

function hashTicket(ticket: string): string {
  return hash('sha256', ticket, 'base64url');
}
