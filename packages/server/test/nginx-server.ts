import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { findFreePort, listens } from './find-ports.ts';

const program = '/usr/sbin/nginx';
const shipped = join(import.meta.dirname, '../../../deploy/nginx.conf');

export const hasNginx = existsSync(program);

/** A real nginx with the configuration that is shipped, in a folder of its own. It dies with us. */
export class NginxServer {
  readonly origin: string;
  readonly #port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'parlour-nginx-'));
  #child: ChildProcess | undefined;
  #said = '';

  private constructor(port: number) {
    this.#port = port;
    this.origin = `http://127.0.0.1:${port}`;
  }

  /** In front of what listens on these ports of this machine. */
  static async start(ports: readonly number[]): Promise<NginxServer> {
    const server = new NginxServer(await findFreePort());
    await server.#start(ports);
    return server;
  }

  /** What it complained of. */
  get said(): string {
    return this.#said;
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      const closed = once(child, 'close');
      child.kill('SIGTERM');
      await closed;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #start(ports: readonly number[]): Promise<void> {
    const site = readFileSync(shipped, 'utf8');
    const server = /^ *server \S+:\d+ (.*)$/m.exec(site)?.[1];
    const own = site
      .replaceAll(/^ *server \S+:\d+ .*\n/gm, '')
      .replace('least_conn;', `least_conn;${ports.map((port) => ` server 127.0.0.1:${port} ${server}`).join('')}`)
      .replace('listen 80;', `listen 127.0.0.1:${this.#port};`);
    writeFileSync(join(this.#folder, 'site.conf'), own);
    writeFileSync(join(this.#folder, 'nginx.conf'), this.#main());
    const command = ['--pdeathsig=TERM', '--', program, '-p', this.#folder, '-c', 'nginx.conf'];
    const child = spawn('setpriv', command, { stdio: ['ignore', 'ignore', 'pipe'], cwd: this.#folder });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      this.#said += chunk;
    });
    this.#child = child;
    while (!(await listens(this.#port))) {
      if (child.exitCode !== null) throw new Error(`nginx did not start: ${this.#said}`);
      await wait(20);
    }
  }

  #main(): string {
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
    return [
      // The folder is this account's alone.
      ...(process.getuid?.() === 0 ? ['user root;'] : []),
      'daemon off;',
      'worker_processes 1;',
      'pid nginx.pid;',
      'error_log stderr warn;',
      'events { worker_connections 1024; }',
      'http {',
      ...temporary.map((name) => `  ${name}_temp_path ${name};`),
      '  include site.conf;',
      '}',
      '',
    ].join('\n');
  }
}
