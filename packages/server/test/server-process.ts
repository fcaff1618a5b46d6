import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

const usualEntry = join(import.meta.dirname, 'run-server.ts');

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

export type ProcessOptions = {
  folder: string;
  environment?: Record<string, string>;
  /** What runs the command line that follows it, such as a program that sets limits. */
  within?: string[];
  /** The module to run, where it is not the usual one. */
  entry?: string;
};

/** What a process that ended by itself left behind. */
export type Ended = { code: number | null; signal: NodeJS.Signals | null; out: string; error: string; took: number };

/** Mounts a small file system over the folder, which this process alone sees and which goes with it. */
export function withMount(folder: string, options: string): string[] {
  const rights = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const script = `mount -t tmpfs -o ${options} tmpfs "$0" && exec "$@"`;
  return ['unshare', ...rights, '--mount', 'sh', '-c', script, folder];
}

function launch({ folder, environment = {}, within = [], entry = usualEntry }: ProcessOptions): Child {
  const [command = '', ...rest] = [...within, process.execPath, entry];
  const path = process.env['PATH'] ?? '';
  const env = { PATH: path, PORT: '0', PARLOUR_DATA: folder, PARLOUR_SIGN_UP: 'open', ...environment };
  return spawn(command, rest, { env, cwd: import.meta.dirname, stdio: ['pipe', 'pipe', 'pipe'] });
}

/** Runs a server that is not expected to start, until it ends. */
export async function runToEnd(options: ProcessOptions): Promise<Ended> {
  const from = performance.now();
  const child = launch(options);
  const [out, error] = [collect(child.stdout), collect(child.stderr)];
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, out: out(), error: error(), took: performance.now() - from };
}

/** Milliseconds that a process takes which does nothing. */
export async function timeBareStart(): Promise<number> {
  const from = performance.now();
  await once(spawn(process.execPath, ['--eval', ''], { stdio: 'ignore' }), 'close');
  return performance.now() - from;
}

/** The real server as a process of its own, on a free port. */
export class ServerProcess {
  readonly #child: Child;
  readonly #out: () => string;
  readonly #error: () => string;
  #origin = '';

  private constructor(options: ProcessOptions) {
    this.#child = launch(options);
    this.#out = collect(this.#child.stdout);
    this.#error = collect(this.#child.stderr);
  }

  /** It is on its way, and may wait for something. */
  static launch(options: ProcessOptions): ServerProcess {
    return new ServerProcess(options);
  }

  static async start(options: ProcessOptions): Promise<ServerProcess> {
    const server = new ServerProcess(options);
    await server.ready();
    return server;
  }

  /** As it said itself, once it was ready. */
  get origin(): string {
    return this.#origin;
  }

  async ready(): Promise<void> {
    await this.#until(() => {
      const [, origin] = /^Parlour is ready at (\S+)$/m.exec(this.#out()) ?? [];
      this.#origin = origin ?? '';
      return origin !== undefined;
    });
  }

  /** Until it has said this on its error output. */
  async says(what: RegExp): Promise<void> {
    await this.#until(() => what.test(this.#error()));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get errorOutput(): string {
    return this.#error();
  }

  /** All that it said so far. */
  get output(): string {
    return this.#out() + this.#error();
  }

  /** A line for the module that runs there, if it listens. */
  tell(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Its exit code. */
  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    return this.#end(signal);
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      const { stdout, stderr, exitCode } = this.#child;
      if (exitCode !== null) throw new Error(`the server did not start: ${this.#error()}`);
      const news = new AbortController();
      await Promise.race(
        [stdout, stderr].map((stream) => once(stream, 'data', news)).concat(once(this.#child, 'close', news)),
      );
      news.abort();
    }
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return exitCode;
    const closed = once(this.#child, 'close') as Promise<[number | null]>;
    this.#child.kill(signal);
    const [code] = await closed;
    return code;
  }
}

function collect(stream: Readable): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}
