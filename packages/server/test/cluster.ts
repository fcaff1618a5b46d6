import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from './free-port.ts';
import { type PostgresServer, runPsql, startPostgres } from './postgres-server.ts';
import { RabbitmqServer } from './rabbitmq-server.ts';
import { ServerProcess } from './server-process.ts';
import { testSecret } from './test-database.ts';
import { Visitor } from './visitor.ts';

export type Node = { origin: string; server: ServerProcess };

/** Several real nodes of one house, with a PostgreSQL and a RabbitMQ of their own. */
export class Cluster {
  readonly postgres: PostgresServer;
  readonly rabbitmq: RabbitmqServer;
  readonly databaseUrl: string;
  readonly folder: string;
  readonly nodes: Node[] = [];

  private constructor(postgres: PostgresServer, rabbitmq: RabbitmqServer, databaseUrl: string) {
    this.postgres = postgres;
    this.rabbitmq = rabbitmq;
    this.databaseUrl = databaseUrl;
    this.folder = mkdtempSync(join(tmpdir(), 'parlour-cluster-'));
  }

  static async start(nodes: number): Promise<Cluster> {
    const [postgres, rabbitmq] = await Promise.all([startPostgres({ durable: true }), RabbitmqServer.start()]);
    const name = `house_${randomUUID().replaceAll('-', '')}`;
    runPsql(postgres.url('postgres'), `CREATE DATABASE ${name}`);
    const cluster = new Cluster(postgres, rabbitmq, postgres.url(name));
    // All at once: one of them brings the schema up to date, and the others wait for it.
    await Promise.all(Array.from({ length: nodes }, () => cluster.add()));
    return cluster;
  }

  /** `through` puts other addresses in the place of the database's and the broker's, such as a proxy's. */
  async add(through: { DATABASE_URL?: string; BROKER_URL?: string } = {}): Promise<Node> {
    const port = await findFreePort();
    const environment = {
      PORT: String(port),
      PUBLIC_URL: 'http://house.example',
      PARLOUR_SECRET: testSecret,
      PARLOUR_RATE_LIMITS: 'off',
      DATABASE_URL: this.databaseUrl,
      BROKER_URL: this.rabbitmq.url,
      ...through,
    };
    const server = await ServerProcess.start({ folder: this.folder, environment });
    const node = { origin: `http://127.0.0.1:${port}`, server };
    this.nodes.push(node);
    return node;
  }

  async signUp(name: string, node = this.nodes[0]): Promise<Visitor> {
    const visitor = new Visitor(node?.origin ?? '');
    await visitor.signUp(name);
    return visitor;
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map(({ server }) => server.kill()));
    await Promise.all([this.postgres.remove(), this.rabbitmq.stop()]);
    rmSync(this.folder, { recursive: true });
  }
}
