import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../packages/server/test/find-ports.ts';

const program = '/usr/bin/redis-server';
export const hasRedis = existsSync(program);

/** A real Redis that keeps nothing, in a folder of its own. It dies with us. */
export class RedisServer {
  readonly url: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'parlour-redis-'));
  readonly #process: ChildProcess;
  #said = '';

  private constructor(port: number) {
    this.url = `redis://127.0.0.1:${port}`;
    const settings = { port, bind: '127.0.0.1', save: '', appendonly: 'no', dir: this.#folder };
    const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
    // Also when we are killed and can end nobody.
    this.#process = spawn('setpriv', ['--pdeathsig=KILL', '--', program, ...flags], {
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: this.#folder,
    });
  }

  static async start(): Promise<RedisServer> {
    if (!hasRedis) throw new Error('Redis is not installed: apt-get install redis-server');
    const server = new RedisServer(await findFreePort());
    await server.#untilReady();
    return server;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get version(): string {
    return /Redis version=([\d.]+)/.exec(this.#said)?.[1] ?? '';
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const closed = once(this.#process, 'close');
      this.#process.kill('SIGKILL');
      await closed;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #untilReady(): Promise<void> {
    const closed = once(this.#process, 'close').then(() => {
      throw new Error(`Redis did not start: ${this.#said}`);
    });
    // Its end after the start is awaited by whoever ends it.
    closed.catch(() => undefined);
    this.#process.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      this.#said += chunk;
    });
    while (!this.#said.includes('Ready to accept connections'))
      await Promise.race([once(this.#process.stdout ?? this.#process, 'data'), closed]);
  }
}
