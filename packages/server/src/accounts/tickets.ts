import { hash } from 'node:crypto';
import type { Ticket } from '@parlour/protocol/accounts';
import { newSecret } from '../new-secret.ts';
import type { Caller } from './caller.ts';

export type TicketOptions = {
  clock: { now(): number };
  /** Seconds. */
  ttl: number;
};
export type TicketHolder = { grantId: string; userId: string };

/** What opens one socket, once. Held by hash, so that whoever reads where they are held opens nothing. */
export type Tickets = {
  issue(caller: Caller): Promise<Ticket>;
  /** Uses a ticket up: whose it was, or undefined for one that is unknown, used or expired. */
  use(ticket: string): Promise<TicketHolder | undefined>;
  /** Drops what has expired without being used. */
  purge(): Promise<void>;
};

export function makeTicket(
  { clock, ttl }: TicketOptions,
  { expiresAt: grantEnd }: Caller,
): { ticket: Ticket; key: string; expiresAt: number } {
  const ticket = newSecret();
  const expiresAt = Math.min(clock.now() + ttl * 1_000, grantEnd);
  return { ticket: { ticket, expiresAt: new Date(expiresAt).toISOString() }, key: hashTicket(ticket), expiresAt };
}

export function hashTicket(ticket: string): string {
  return hash('sha256', ticket, 'base64url');
}
