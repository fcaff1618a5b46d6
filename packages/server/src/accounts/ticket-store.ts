import type { Ticket } from '@parlour/protocol/accounts';
import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';
import type { Caller } from './caller.ts';
import { hashTicket, makeTicket, type TicketHolder, type TicketOptions, type Tickets } from './tickets.ts';

/** Tickets that every node of a house takes, whichever gave them. */
export class TicketStore implements Tickets {
  readonly #db: Kysely<Tables>;
  readonly #options: TicketOptions;

  constructor(db: Kysely<Tables>, options: TicketOptions) {
    this.#db = db;
    this.#options = options;
  }

  async issue(caller: Caller): Promise<Ticket> {
    const { ticket, key, expiresAt } = makeTicket(this.#options, caller);
    const row = { hash: key, grantId: caller.grantId, userId: caller.user.id, expiresAt };
    await this.#db.insertInto('tickets').values(row).execute();
    return ticket;
  }

  async use(ticket: string): Promise<TicketHolder | undefined> {
    const found = await this.#db
      .deleteFrom('tickets')
      .where('hash', '=', hashTicket(ticket))
      .returning(['grantId', 'userId', 'expiresAt'])
      .executeTakeFirst();
    if (found === undefined || found.expiresAt <= this.#options.clock.now()) return undefined;
    return { grantId: found.grantId, userId: found.userId };
  }

  async purge(): Promise<void> {
    await this.#db.deleteFrom('tickets').where('expiresAt', '<=', this.#options.clock.now()).execute();
  }
}
