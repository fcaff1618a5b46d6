import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ServerProcess } from '../packages/server/test/server-process.ts';
import type { FaultWay } from './fault-way.ts';

export type NodeOptions = {
  port: number;
  folder: string;
  environment: Record<string, string>;
  /** Between this node and its database, and its broker. */
  database: FaultWay;
  broker: FaultWay;
};

/** Milliseconds. */
const patience = 60_000;

type Span = { from: number; to: number };

/** One node of the house, and when it was not well: nobody expects a revocation of it in time then, only silence. */
export class HouseNode {
  readonly #options: NodeOptions;
  readonly #unwell: Span[] = [];
  #server: ServerProcess | undefined;

  constructor(options: NodeOptions) {
    this.#options = options;
  }

  get port(): number {
    return this.#options.port;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get database(): FaultWay {
    return this.#options.database;
  }

  get broker(): FaultWay {
    return this.#options.broker;
  }

  get output(): string {
    return this.#server?.output ?? '';
  }

  get isWell(): boolean {
    return !this.wasUnwell(Date.now(), Date.now());
  }

  async start(): Promise<void> {
    const { folder, port, environment } = this.#options;
    this.#server = await ServerProcess.start({
      folder,
      environment: { ...environment, PORT: String(port) },
      // Also a node that is paused goes when we do.
      within: ['setpriv', '--pdeathsig=KILL', '--'],
      entry: join(import.meta.dirname, 'run-node.ts'),
    });
  }

  async kill(): Promise<void> {
    await this.#server?.kill();
  }

  /** Its exit code. */
  async stop(): Promise<number | null | undefined> {
    return await this.#server?.stop();
  }

  pause(): void {
    process.kill(this.#server?.pid ?? 0, 'SIGSTOP');
  }

  wake(): void {
    process.kill(this.#server?.pid ?? 0, 'SIGCONT');
  }

  tell(line: string): void {
    this.#server?.tell(line);
  }

  /** From now on, until `recover`, it may be late. */
  sicken(): void {
    this.#unwell.push({ from: Date.now(), to: Number.POSITIVE_INFINITY });
  }

  /** Waits until it says that it can store and deliver. Throws where it does not come to that. */
  async recover(): Promise<void> {
    const end = Date.now() + patience;
    while (!(await this.#isReady())) {
      if (Date.now() > end) throw new Error(`a node does not recover: ${this.output.slice(-2_000)}`);
      await delay(100);
    }
    for (const span of this.#unwell) span.to = Math.min(span.to, Date.now());
  }

  wasUnwell(from: number, to: number): boolean {
    return this.#unwell.some((span) => span.from <= to && span.to >= from);
  }

  async #isReady(): Promise<boolean> {
    const signal = AbortSignal.timeout(2_000);
    return await fetch(`${this.origin}/health/ready`, { signal }).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}
