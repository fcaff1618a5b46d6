import { type PostgresServer, runPsql, startPostgres } from '../packages/server/test/postgres-server.ts';
import { RabbitmqServer } from '../packages/server/test/rabbitmq-server.ts';
import { NodePair } from './node-pair.ts';
import { cpuOf, cpuOfFamily, residentBytes } from './process-usage.ts';
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.ts';
import { type Measured, measureUsage, type Usage } from './usage.ts';

const database = 'parlour_bench';
const secret = 'the secret of a house that lives for a benchmark';

export type BrokerCounts = { published: number; delivered: number };

/** Two nodes of one house on a PostgreSQL that syncs every commit and a RabbitMQ, each a process of its own. */
export class BenchCluster {
  readonly #postgres: PostgresServer;
  readonly #rabbitmq: RabbitmqServer;
  readonly #folder = makeTemporaryFolder();
  readonly #nodes = new NodePair();

  private constructor(postgres: PostgresServer, rabbitmq: RabbitmqServer) {
    this.#postgres = postgres;
    this.#rabbitmq = rabbitmq;
  }

  static async start(): Promise<BenchCluster> {
    const [postgres, rabbitmq] = await Promise.all([startPostgres({ durable: true }), RabbitmqServer.start()]);
    const cluster = new BenchCluster(postgres, rabbitmq);
    try {
      runPsql(postgres.url('postgres'), `CREATE DATABASE ${database}`);
      for (let i = 0; i < 2; i += 1) await cluster.#add();
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  /** Where the nodes listen: the near one that is spoken to, and the far one. */
  get ports(): { near: number; far: number } {
    return this.#nodes.ports;
  }

  sql(text: string): string {
    return runPsql(this.#postgres.url(database), text);
  }

  /** What every process has used while something was done. */
  measure<Result>(work: () => Promise<Result>): Promise<{ used: Measured; result: Result }> {
    return measureUsage(() => this.#read(), work);
  }

  /** Bytes of the near node: what its process has of the machine, and what of that is in use by objects and buffers. */
  async memory(): Promise<{ resident: number; held: number }> {
    const child = this.#nodes.near;
    if (child === undefined) throw new Error('there is no node');
    // Twice, because what the first collection lets go may hold more.
    await child.ask({});
    const { held } = await child.ask<{ held: number }>({});
    return { resident: residentBytes(child.pid), held };
  }

  /** All that was published to the broker and delivered by it, pings and beats included. */
  async countMessages(): Promise<BrokerCounts> {
    const text = await this.#rabbitmq.control('eval', 'rabbit_global_counters:overview().');
    const total = (name: string) =>
      [...text.matchAll(new RegExp(`${name} => (\\d+)`, 'g'))].reduce((sum, [, count]) => sum + Number(count), 0);
    return { published: total('messages_received_total'), delivered: total('messages_delivered_total') };
  }

  async findVersions(): Promise<{ PostgreSQL: string; RabbitMQ: string }> {
    const broker = await this.#rabbitmq.control('version');
    return { PostgreSQL: this.sql('SHOW server_version').split(' ', 1)[0] ?? '', RabbitMQ: broker.trim() };
  }

  async stop(): Promise<void> {
    await this.#nodes.stop();
    await Promise.all([this.#postgres.remove(), this.#rabbitmq.stop()]);
    removeTemporaryFolder(this.#folder);
  }

  #read(): Usage {
    return {
      ...this.#nodes.readCpu(),
      postgres: cpuOfFamily(this.#postgres.pid),
      broker: cpuOf(this.#rabbitmq.pids[0] ?? 0),
    };
  }

  async #add(): Promise<void> {
    const settings = {
      PUBLIC_URL: 'http://house.example',
      PARLOUR_DATA: this.#folder,
      PARLOUR_SECRET: secret,
      DATABASE_URL: this.#postgres.url(database),
      BROKER_URL: this.#rabbitmq.url,
    };
    await this.#nodes.add(new URL('./peers/cluster-peer.ts', import.meta.url), JSON.stringify(settings));
  }
}
