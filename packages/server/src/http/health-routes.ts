import { ParlourError } from '@parlour/protocol/errors';
import type { Hono } from 'hono';
import { type AppEnv, newRoutes } from './http-app.ts';

export type Health = {
  /** Commits a write that changes nothing. Throws `storage_unavailable`. */
  probe(): Promise<void>;
  /** Whether the node can vouch for the logins behind its sockets. */
  isTrusted(): boolean;
};

/** A probe is a commit, so that many who ask share one. */
const probeLasts = 1_000;

/** `live`: the process answers. `ready`: it can store and deliver; otherwise 503 with the reason. */
export function healthRoutes({ probe, isTrusted }: Health): Hono<AppEnv> {
  let last: { at: number; result: Promise<void> } | undefined;
  const probeOnce = () => {
    if (last === undefined || performance.now() - last.at > probeLasts)
      last = { at: performance.now(), result: probe() };
    return last.result;
  };
  return newRoutes()
    .get('/health/live', (c) => c.json({ status: 'live' }))
    .get('/health/ready', async (c) => {
      c.header('cache-control', 'no-store');
      const reason = isTrusted() ? await findFault(probeOnce) : 'The revocation log cannot be read.';
      return reason === undefined ? c.json({ status: 'ready' }) : c.json({ status: 'unavailable', reason }, 503);
    });
}

async function findFault(probe: () => Promise<void>): Promise<string | undefined> {
  try {
    await probe();
    return undefined;
  } catch (error) {
    if (!(error instanceof ParlourError)) throw error;
    const { cause } = error;
    return cause instanceof Error ? `${error.message} (${cause.message})` : error.message;
  }
}
