import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../packages/server/src/main.ts', import.meta.url));
const patience = 30_000;

export type Settings = Readonly<Record<`${'PARLOUR' | 'SMTP'}_${string}`, string>>;

/** A real server in a process of its own, with a data folder of its own, that can be killed and started again. */
export class House {
  readonly #folder: string;
  readonly #settings: Settings;
  #child: ChildProcess | undefined;
  #port = '0';
  #claimUrl: string | undefined;

  private constructor(folder: string, settings: Settings) {
    this.#folder = folder;
    this.#settings = settings;
  }

  static async open(settings: Settings = {}): Promise<House> {
    const house = new House(await mkdtemp(join(tmpdir(), 'parlour-e2e-')), settings);
    await house.start();
    return house;
  }

  get origin(): string {
    return `http://localhost:${this.#port}`;
  }

  /** The link that the start printed, as long as nobody owned the house. */
  get claimUrl(): string {
    if (this.#claimUrl === undefined) throw new Error('The house was claimed when it started.');
    return this.#claimUrl;
  }

  /** On the same port and data as before. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [main], {
      // No `.env` of the machine's owner lies there.
      cwd: this.#folder,
      env: { ...ownEnvironment(), ...this.#settings, PORT: this.#port, PARLOUR_DATA: join(this.#folder, 'data') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    process.once('exit', this.#kill);
    const said: string[] = [];
    createInterface({ input: child.stderr }).on('line', (line) => said.push(line));
    const ready = new Promise<string>((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        said.push(line);
        this.#claimUrl = /^Nobody owns this house yet\. Claim it at (\S+)$/.exec(line)?.[1] ?? this.#claimUrl;
        const origin = /^Parlour is ready at (\S+)$/.exec(line)?.[1];
        if (origin !== undefined) resolve(origin);
      });
    });
    const failed = once(child, 'exit', { signal: AbortSignal.timeout(patience) }).then(
      () => Promise.reject(new Error(`The server ended at its start:\n${said.join('\n')}`)),
      () => Promise.reject(new Error(`The server was not ready in time:\n${said.join('\n')}`)),
    );
    this.#port = new URL(await Promise.race([ready, failed])).port;
  }

  /** As if the power had gone: nothing is said or written any more. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async close(): Promise<void> {
    await this.#end('SIGTERM');
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    process.off('exit', this.#kill);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  #kill = () => void this.#child?.kill('SIGKILL');
}

/** What runs the process, without what configures somebody's own Parlour. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const configures = /^((PARLOUR|SMTP)_.*|PORT|HOST|PUBLIC_URL|DATABASE_URL|BROKER_URL)$/;
  const kept = Object.entries(process.env).filter(([name]) => !configures.test(name));
  return { ...Object.fromEntries(kept), NODE_ENV: 'production' };
}
