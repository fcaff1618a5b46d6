import { Child } from './child.ts';
import { cpuOf } from './process-usage.ts';
import { RedisServer } from './redis-server.ts';
import { findVersions } from './report/versions.ts';
import { type Measured, measureUsage } from './usage.ts';

/** Two nodes of Socket.IO with its Redis adapter between them, which keeps nothing. */
export class SocketIoCluster {
  readonly #redis: RedisServer;
  readonly #nodes: { child: Child; port: number }[] = [];

  private constructor(redis: RedisServer) {
    this.#redis = redis;
  }

  static async start(): Promise<SocketIoCluster> {
    const cluster = new SocketIoCluster(await RedisServer.start());
    try {
      for (let i = 0; i < 2; i += 1) await cluster.#add();
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  get ports(): { near: number; far: number } {
    return { near: this.#nodes[0]?.port ?? 0, far: this.#nodes[1]?.port ?? 0 };
  }

  measure<Result>(work: () => Promise<Result>): Promise<{ used: Measured; result: Result }> {
    return measureUsage(() => {
      const [near = 0, far = 0] = this.#nodes.map(({ child }) => cpuOf(child.pid));
      return { near, far, postgres: 0, broker: cpuOf(this.#redis.pid) };
    }, work);
  }

  async findVersions(): Promise<Record<string, string>> {
    return { ...findVersions('socket.io', '@socket.io/redis-adapter'), Redis: this.#redis.version };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#nodes.map(({ child }) => child.stop()));
    await this.#redis.stop();
  }

  async #add(): Promise<void> {
    const child = new Child(new URL('./peers/socket-io-redis-peer.ts', import.meta.url), [this.#redis.url]);
    const node = { child, port: 0 };
    this.#nodes.push(node);
    node.port = (await child.next<{ port: number }>()).port;
  }
}
