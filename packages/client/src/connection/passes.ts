import { paths } from '@parlour/protocol/subprotocol';
import type { HttpApi } from './http-api.ts';
import { findTokenLife, isJwt } from './token-life.ts';

/** A token and when it ends by this machine's clock, in milliseconds since 1970. Kept in memory only (fault 5). */
export type FreshToken = { token: string; endsAt: number };

/**
 * A fresh token for the login: from the server, unless the credentials already are one, as where an application's own
 * back end hands tokens to its pages.
 */
export async function fetchToken(api: HttpApi, now: () => number, signal: AbortSignal): Promise<FreshToken> {
  const bearer = await api.findBearer();
  if (bearer !== undefined && isJwt(bearer)) return toFresh(bearer, undefined, now());
  const options = bearer === undefined ? { signal } : { signal, bearer };
  const { token, expiresAt } = await api.request<{ token: string; expiresAt?: string }>(
    'GET',
    paths.token,
    undefined,
    options,
  );
  return toFresh(token, expiresAt, now());
}

function toFresh(token: string, expiresAt: string | undefined, now: number): FreshToken {
  return { token, endsAt: now + findTokenLife(token, expiresAt, now) };
}

/** A ticket opens one socket, so every attempt fetches its own (fault 14). */
export async function fetchTicket(api: HttpApi, signal: AbortSignal): Promise<string> {
  const { ticket } = await api.request<{ ticket: string }>('POST', paths.tickets, undefined, { signal });
  return ticket;
}
