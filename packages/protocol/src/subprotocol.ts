/** The WebSocket subprotocol (RFC 6455, section 1.9) that the server selects. */
export const subprotocol = 'parlour.v1';

/** A ticket travels as a second offered subprotocol, so that no URL and no log holds it. */
const ticketPrefix = 'ticket.';

/** The subprotocols that a client offers for a ticket. */
export function offerTicket(ticket: string): [string, string] {
  return [subprotocol, ticketPrefix + ticket];
}

/** The ticket in a `Sec-WebSocket-Protocol` header, or undefined when it is not offered beside `parlour.v1`. */
export function readOfferedTicket(header: string | undefined): string | undefined {
  const offered = (header ?? '').split(',').map((name) => name.trim());
  if (!offered.includes(subprotocol)) return undefined;
  return offered.find((name) => name.startsWith(ticketPrefix))?.slice(ticketPrefix.length);
}

export const paths = {
  socket: '/api/socket',
  tickets: '/api/sockets/tickets',
  token: '/api/auth/token',
} as const;
