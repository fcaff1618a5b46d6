import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const entry = join(import.meta.dirname, 'run-fuzzed-server.ts');

/** A server of its own process, of which every complaint is kept. */
export class FuzzedServer {
  readonly folder: string;
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #errors: () => string;

  private constructor(child: ChildProcess, folder: string, port: number, errors: () => string) {
    this.#child = child;
    this.folder = folder;
    this.port = port;
    this.#errors = errors;
  }

  static async start(): Promise<FuzzedServer> {
    const folder = mkdtempSync(join(tmpdir(), 'parlour-fuzz-'));
    const settings = { PORT: '0', PARLOUR_DATA: folder, PARLOUR_SIGN_UP: 'open', PARLOUR_RATE_LIMITS: 'off' };
    const child = fork(entry, {
      execArgv: ['--expose-gc'],
      silent: true,
      env: { PATH: process.env['PATH'], ...settings },
    });
    const [out, errors] = [collect(child.stdout), collect(child.stderr)];
    for (;;) {
      const [, port] = /^Parlour is ready at http:\/\/localhost:(\d+)$/m.exec(out()) ?? [];
      if (port !== undefined) return new FuzzedServer(child, folder, Number(port), errors);
      if (child.exitCode !== null) throw new Error(`the server did not start: ${errors()}`);
      await Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), once(child, 'close')]);
    }
  }

  get origin(): string {
    return `http://localhost:${this.port}`;
  }

  /** What has gone wrong: it died, or it logged something that nobody expected. */
  get fault(): string | undefined {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null)
      return `the server ended with ${signalCode ?? exitCode}: ${this.#errors()}`;
    return this.#errors()
      .split('\n')
      .find((line) => line !== '' && !/"level":"(info|warn)"/.test(line));
  }

  /** Bytes in use after everything unreachable was let go. */
  async heap(): Promise<number> {
    const answer = once(this.#child, 'message') as Promise<[number]>;
    this.#child.send('heap');
    return (await answer)[0];
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const closed = once(this.#child, 'close');
      this.#child.kill('SIGTERM');
      await closed;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}
