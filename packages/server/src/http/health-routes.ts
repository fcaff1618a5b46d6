import { ParlourError } from '@parlour/protocol/errors';
import type { Hono } from 'hono';
import { type AppEnv, newRoutes } from './http-app.ts';

export type Health = {
  /** Commits a write that changes nothing. Throws `storage_unavailable`. */
  probe(): Promise<void>;
  /** Why the node takes no sockets, as a sentence. */
  findFault(): string | undefined;
  /** Whether other nodes are reached. Without them all goes on, slower. */
  reach(): { name: 'ready' } | { name: 'degraded'; reason: string };
};

/** A probe is a commit, so that many who ask share one. */
const probeLasts = 1_000;

/**
 * `live`: the process answers. `ready`: it can store and deliver; `degraded` where that is all, and other nodes are not
 * reached; otherwise 503 with the reason.
 */
export function healthRoutes({ probe, findFault, reach }: Health): Hono<AppEnv> {
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
      const reason = findFault() ?? (await probeFault(probeOnce));
      if (reason !== undefined) return c.json({ status: 'unavailable', reason }, 503);
      const { name: status, ...rest } = reach();
      return c.json({ status, ...rest });
    });
}

async function probeFault(probe: () => Promise<void>): Promise<string | undefined> {
  try {
    await probe();
    return undefined;
  } catch (error) {
    if (!(error instanceof ParlourError)) throw error;
    const { cause } = error;
    return cause instanceof Error ? `${error.message} (${cause.message})` : error.message;
  }
}
