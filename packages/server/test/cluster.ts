import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from './find-ports.ts';
import { type PostgresServer, runPsql, startPostgres } from './postgres-server.ts';
import { RabbitmqServer } from './rabbitmq-server.ts';
import { ServerProcess } from './server-process.ts';
import { testSecret } from './test-database.ts';
import { Visitor } from './visitor.ts';

export type Node = { origin: string; port: number; server: ServerProcess; settings: Record<string, string> };

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

  /** `settings` are those of every node. */
  static async start(nodes: number, settings: Record<string, string> = {}): Promise<Cluster> {
    const [postgres, rabbitmq] = await Promise.all([startPostgres({ durable: true }), RabbitmqServer.start()]);
    const name = `house_${randomUUID().replaceAll('-', '')}`;
    runPsql(postgres.url('postgres'), `CREATE DATABASE ${name}`);
    const cluster = new Cluster(postgres, rabbitmq, postgres.url(name));
    // All at once: one of them brings the schema up to date, and the others wait for it.
    await Promise.all(Array.from({ length: nodes }, () => cluster.add(settings)));
    return cluster;
  }

  /** `settings` may put other addresses in the place of the database's and the broker's, such as a proxy's. */
  async add(settings: Record<string, string> = {}): Promise<Node> {
    const port = await findFreePort();
    const node = {
      origin: `http://127.0.0.1:${port}`,
      port,
      settings,
      server: await this.#launch(port, settings),
    };
    this.nodes.push(node);
    return node;
  }

  /** Stops it as one who runs it would, and starts it again on its port. Answers its exit code. */
  async restart(node: Node): Promise<number | null> {
    const code = await node.server.stop();
    node.server = await this.#launch(node.port, node.settings);
    return code;
  }

  #launch(port: number, settings: Record<string, string>): Promise<ServerProcess> {
    const environment = {
      PORT: String(port),
      PUBLIC_URL: 'http://house.example',
      PARLOUR_SECRET: testSecret,
      PARLOUR_RATE_LIMITS: 'off',
      DATABASE_URL: this.databaseUrl,
      BROKER_URL: this.rabbitmq.url,
      ...settings,
    };
    return ServerProcess.start({ folder: this.folder, environment });
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
