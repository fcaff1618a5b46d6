import type { Ticket } from '@parlour/protocol/accounts';
import type { Caller } from './caller.ts';
import { hashTicket, makeTicket, type TicketHolder, type TicketOptions, type Tickets } from './tickets.ts';

/** Tickets are limited by person; what lies beyond this many at a time is a flood, and the oldest go. */
const kept = 100_000;

/**
 * Tickets of a house that is one process: in memory, because the process that gives a ticket is the one that takes it,
 * and because none must outlive it.
 */
export class MemoryTickets implements Tickets {
  readonly #options: TicketOptions;
  readonly #held = new Map<string, TicketHolder & { expiresAt: number }>();

  constructor(options: TicketOptions) {
    this.#options = options;
  }

  async issue(caller: Caller): Promise<Ticket> {
    const { ticket, key, expiresAt } = makeTicket(this.#options, caller);
    this.#held.set(key, { grantId: caller.grantId, userId: caller.user.id, expiresAt });
    const [oldest] = this.#held.keys();
    if (this.#held.size > kept && oldest !== undefined) this.#held.delete(oldest);
    return ticket;
  }

  async use(ticket: string): Promise<TicketHolder | undefined> {
    const key = hashTicket(ticket);
    const found = this.#held.get(key);
    this.#held.delete(key);
    if (found === undefined || found.expiresAt <= this.#options.clock.now()) return undefined;
    return { grantId: found.grantId, userId: found.userId };
  }

  async purge(): Promise<void> {
    const now = this.#options.clock.now();
    for (const [key, { expiresAt }] of this.#held) if (expiresAt <= now) this.#held.delete(key);
  }
}
