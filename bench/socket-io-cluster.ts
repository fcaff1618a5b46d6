import { NodePair } from './node-pair.ts';
import { cpuOf } from './process-usage.ts';
import { RedisServer } from './redis-server.ts';
import { findVersions } from './report/versions.ts';
import { type Measured, measureUsage } from './usage.ts';

/** Two nodes of Socket.IO with its Redis adapter between them, which keeps nothing. */
export class SocketIoCluster {
  readonly #redis: RedisServer;
  readonly #nodes = new NodePair();

  private constructor(redis: RedisServer) {
    this.#redis = redis;
  }

  static async start(): Promise<SocketIoCluster> {
    const cluster = new SocketIoCluster(await RedisServer.start());
    try {
      const peer = new URL('./peers/socket-io-redis-peer.ts', import.meta.url);
      for (let i = 0; i < 2; i += 1) await cluster.#nodes.add(peer, cluster.#redis.url);
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  get ports(): { near: number; far: number } {
    return this.#nodes.ports;
  }

  measure<Result>(work: () => Promise<Result>): Promise<{ used: Measured; result: Result }> {
    return measureUsage(() => ({ ...this.#nodes.readCpu(), postgres: 0, broker: cpuOf(this.#redis.pid) }), work);
  }

  async findVersions(): Promise<Record<string, string>> {
    return { ...findVersions('socket.io', '@socket.io/redis-adapter'), Redis: this.#redis.version };
  }

  async stop(): Promise<void> {
    await this.#nodes.stop();
    await this.#redis.stop();
  }
}
