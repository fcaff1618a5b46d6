import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from './find-ports.ts';

const program = '/usr/bin/caddy';
const shipped = join(import.meta.dirname, '../../../deploy/Caddyfile');

export const hasCaddy = existsSync(program);

/** A real Caddy with the configuration that is shipped, but for its name and certificate, in a folder of its own. It dies with us. */
export class CaddyServer {
  readonly origin: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'parlour-caddy-'));
  readonly #child: ChildProcess;

  private constructor(port: number, ports: readonly number[]) {
    this.origin = `http://127.0.0.1:${port}`;
    const places = ports.map((each) => `127.0.0.1:${each}`).join(' ');
    const site = readFileSync(shipped, 'utf8')
      .replace('chat.example.org {', `http://:${port} {\n\tbind 127.0.0.1`)
      .replace(/reverse_proxy .*\{/, `reverse_proxy ${places} {`);
    writeFileSync(join(this.#folder, 'Caddyfile'), `{\n\tadmin off\n}\n${site}`);
    const command = ['--pdeathsig=TERM', '--', program, 'run', '--config', 'Caddyfile'];
    const env = { ...process.env, HOME: this.#folder, XDG_CONFIG_HOME: this.#folder, XDG_DATA_HOME: this.#folder };
    this.#child = spawn('setpriv', command, { stdio: ['ignore', 'ignore', 'pipe'], cwd: this.#folder, env });
  }

  /** In front of what listens on these ports of this machine. */
  static async start(ports: readonly number[]): Promise<CaddyServer> {
    const server = new CaddyServer(await findFreePort(), ports);
    await server.#ready();
    return server;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const closed = once(this.#child, 'close');
      // Told to stop, it would wait for the sockets that are open.
      this.#child.kill('SIGKILL');
      await closed;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #ready(): Promise<void> {
    let said = '';
    this.#child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
    });
    while (!said.includes('serving initial configuration')) {
      if (this.#child.exitCode !== null) throw new Error(`Caddy did not start: ${said}`);
      await Promise.race([once(this.#child.stderr ?? this.#child, 'data'), once(this.#child, 'close')]);
    }
  }
}
