import { Child } from '../child.ts';
import type { LoopDelay } from './peer.ts';
import type { PeerServer } from './peer-server.ts';

/** Starts one of the servers of this folder that run on Node. */
export async function startNodePeer(name: string, args: readonly string[] = []): Promise<PeerServer> {
  const child = new Child(new URL(`./${name}-peer.ts`, import.meta.url), args);
  try {
    const { port, folder = '' } = await child.next<{ port: number; folder?: string }>();
    return {
      port,
      folder,
      pid: child.pid,
      loopDelay: async () => (await child.ask<LoopDelay>({})).loopDelayMilliseconds,
      stop: () => child.stop(),
    };
  } catch (error) {
    await child.stop();
    throw error;
  }
}
