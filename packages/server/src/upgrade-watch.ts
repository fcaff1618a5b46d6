import type { IncomingMessage } from 'node:http';
import { ParlourError } from '@parlour/protocol/errors';
import type { AttemptLog } from './audit/attempt-log.ts';
import { networkOf, type RateLimits } from './http/rate-limit.ts';
import type { UpgradeOptions } from './sockets/upgrade.ts';

type UpgradeWatchDeps = {
  limit: RateLimits['upgrade'];
  findAddress(peer: string, forwarded?: string): string;
  attempts: AttemptLog;
};

/** What an upgrade that is refused for what it brought costs, beside one that opens a socket. */
const refusedCost = 10;

/** Counts upgrades by network, the refused ones harder, and notes tickets that open nothing. */
export function createUpgradeWatch({
  limit,
  findAddress,
  attempts,
}: UpgradeWatchDeps): Pick<UpgradeOptions, 'countUpgrade' | 'onRefused'> {
  const addressOf = ({ socket, headers }: IncomingMessage) =>
    findAddress(socket.remoteAddress ?? '', [headers['x-forwarded-for'] ?? []].flat().join(','));
  return {
    countUpgrade: (request) => secondsToWait(limit, addressOf(request)),
    onRefused: (request, status) => {
      const clientAddress = addressOf(request);
      limit.charge(networkOf(clientAddress), refusedCost - 1);
      const headers = new Headers({ 'user-agent': request.headers['user-agent'] ?? '' });
      if (status === 401) void attempts.note({ kind: 'ticket_refused', from: { clientAddress, headers } });
    },
  };
}

/** Counts one from this address. Answers 0, or after how many seconds there is room for another. */
export function secondsToWait(limit: RateLimits['api'], address: string): number {
  try {
    limit.count(networkOf(address));
    return 0;
  } catch (error) {
    if (error instanceof ParlourError && error.retryAfter !== undefined) return error.retryAfter;
    throw error;
  }
}
