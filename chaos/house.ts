import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { findPorts } from '../packages/server/test/find-ports.ts';
import { type PostgresServer, startPostgres } from '../packages/server/test/postgres-server.ts';
import { RabbitmqServer } from '../packages/server/test/rabbitmq-server.ts';
import { FaultWay } from './fault-way.ts';
import { HouseNode } from './house-node.ts';
import { startNginx } from './nginx.ts';
import type { Switch } from './switch-off.ts';

const nodeCount = 3;
const databaseName = 'house';

type Parts = {
  origin: string;
  nodes: readonly HouseNode[];
  postgres: PostgresServer;
  rabbitmq: RabbitmqServer;
  nginx: { stop(): Promise<void> };
};

/** Three nodes behind nginx on a PostgreSQL and a RabbitMQ, all real processes, with a proxy on every way between them. */
export class House {
  readonly origin: string;
  readonly nodes: readonly HouseNode[];
  readonly postgres: PostgresServer;
  readonly rabbitmq: RabbitmqServer;
  readonly #nginx: { stop(): Promise<void> };
  /** Past every proxy. */
  readonly #shell: pg.Pool;

  private constructor({ origin, nodes, postgres, rabbitmq, nginx }: Parts) {
    this.origin = origin;
    this.nodes = nodes;
    this.postgres = postgres;
    this.rabbitmq = rabbitmq;
    this.#nginx = nginx;
    this.#shell = new pg.Pool({ connectionString: postgres.url(databaseName), max: 4 });
    this.#shell.on('error', () => undefined);
  }

  static async start(without?: Switch): Promise<House> {
    const [postgres, rabbitmq] = await Promise.all([startPostgres({ durable: true }), RabbitmqServer.start()]);
    await createDatabase(postgres);
    const [port = 0, ...ports] = await findPorts(1 + nodeCount);
    const origin = `http://127.0.0.1:${port}`;
    const folder = mkdtempSync(join(tmpdir(), 'parlour-house-'));
    const nodes: HouseNode[] = [];
    for (const own of ports) nodes.push(await openNode({ port: own, folder, origin, postgres, rabbitmq, without }));
    // All at once: one of them brings the schema up to date, and the others wait for it.
    await Promise.all(nodes.map((node) => node.start()));
    return new House({ origin, nodes, postgres, rabbitmq, nginx: await startNginx(port, ports) });
  }

  async sql<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.#shell.query<Row>(text, [...values])).rows;
  }

  nodeAt(address: string): HouseNode | undefined {
    return this.nodes.find(({ port }) => address.endsWith(`:${port}`));
  }

  async stop(): Promise<void> {
    await this.#shell.end();
    await this.#nginx.stop();
    await Promise.all(this.nodes.map((node) => node.kill()));
    await Promise.all(this.nodes.flatMap(({ database, broker }) => [database.close(), broker.close()]));
    await Promise.all([this.postgres.remove(), this.rabbitmq.stop()]);
  }
}

async function createDatabase(postgres: PostgresServer): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.url('postgres') });
  await client.connect();
  await client.query(`CREATE DATABASE ${databaseName}`);
  await client.end();
}

type Surroundings = {
  port: number;
  folder: string;
  origin: string;
  postgres: PostgresServer;
  rabbitmq: RabbitmqServer;
  without: Switch | undefined;
};

async function openNode({ port, folder, origin, postgres, rabbitmq, without }: Surroundings): Promise<HouseNode> {
  const [database, broker] = await Promise.all([FaultWay.open(postgres.port), FaultWay.open(rabbitmq.port)]);
  const environment = {
    PUBLIC_URL: origin,
    PARLOUR_SECRET: 'the secret of a house that lives for a run',
    PARLOUR_RATE_LIMITS: 'off',
    DATABASE_URL: `postgres://parlour@127.0.0.1:${database.port}/${databaseName}`,
    BROKER_URL: `amqp://guest:guest@127.0.0.1:${broker.port}`,
    CHAOS_WITHOUT: without ?? '',
  };
  return new HouseNode({ port, folder, environment, database, broker });
}
