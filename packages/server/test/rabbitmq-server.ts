import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newId } from '../src/ids.ts';
import type { Certificate } from './certificates.ts';
import { findPorts } from './find-ports.ts';

/** The script that Debian puts in front changes the user and reads the machine's own settings. */
const [scripts] = globSync('/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin');

/** Whether tests of a broker are skipped: on a laptop without RabbitMQ. In CI its absence is a failure. */
export const skipsRabbitmq = scripts === undefined && process.env['CI'] !== 'true';

type Ports = { amqp: number; distribution: number; names: number; control: number };

/** A real RabbitMQ with everything of its own: folder, ports, node name, cookie and name server. It dies with us. */
export class RabbitmqServer {
  /** AMQP, on 127.0.0.1; the same after each start. */
  readonly port: number;
  readonly #folder: string;
  readonly #ports: Ports;
  readonly #names: ChildProcess;
  #server: ChildProcess | undefined;

  private constructor(folder: string, ports: Ports) {
    this.port = ports.amqp;
    this.#folder = folder;
    this.#ports = ports;
    this.#names = this.#spawn('epmd', '-address', '127.0.0.1', '-port', String(ports.names));
  }

  /** Takes some seconds, and 130 MB. With a certificate it takes TLS and nothing else. */
  static async start(certificate?: Certificate): Promise<RabbitmqServer> {
    if (scripts === undefined) throw new Error('RabbitMQ is not installed.');
    const [amqp = 0, distribution = 0, names = 0, control = 0] = await findPorts(4);
    const folder = mkdtempSync(join(tmpdir(), 'parlour-rabbitmq-'));
    const server = new RabbitmqServer(folder, { amqp, distribution, names, control });
    server.#writeSettings(certificate);
    await server.restart();
    return server;
  }

  get url(): string {
    return `amqp://guest:guest@127.0.0.1:${this.port}`;
  }

  /** Of the broker and its name server. */
  get pids(): number[] {
    return [this.#server?.pid, this.#names.pid].filter((pid) => pid !== undefined);
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    await end(this.#server);
    this.#server = undefined;
  }

  /** Starts it again on the same port with what it had on disk. */
  async restart(): Promise<void> {
    await this.kill();
    const server = this.#spawn(join(scripts ?? '', 'rabbitmq-server'));
    this.#server = server;
    let output = '';
    for (const stream of [server.stdout, server.stderr])
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk;
      });
    const closed = once(server, 'close').then(() => {
      throw new Error(`RabbitMQ did not start: ${output}`);
    });
    // Its end after the start is awaited by whoever ends it.
    closed.catch(() => undefined);
    while (!output.includes('completed with')) await Promise.race([once(server.stdout ?? server, 'data'), closed]);
  }

  /** What `rabbitmqctl` answers. */
  async control(...args: string[]): Promise<string> {
    const options = { env: this.#environment(), cwd: this.#folder };
    const { stdout } = await promisify(execFile)(join(scripts ?? '', 'rabbitmqctl'), ['--quiet', ...args], options);
    return stdout;
  }

  /** Ends it and takes away everything of it. */
  async stop(): Promise<void> {
    await this.kill();
    await end(this.#names);
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  #spawn(...command: string[]): ChildProcess {
    // Also when we are killed and can end nobody.
    return spawn('setpriv', ['--pdeathsig=KILL', '--', ...command], {
      env: this.#environment(),
      cwd: this.#folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  #writeSettings(certificate: Certificate | undefined): void {
    const write = (name: string, ...lines: string[]) =>
      writeFileSync(join(this.#folder, name), `${lines.join('\n')}\n`, { mode: 0o600 });
    const plain = [`listeners.tcp.1 = 127.0.0.1:${this.port}`];
    const sealed = [
      'listeners.tcp = none',
      `listeners.ssl.1 = 127.0.0.1:${this.port}`,
      ...['certfile', 'keyfile'].map((name) => `ssl_options.${name} = ${join(this.#folder, name)}`),
    ];
    write('rabbitmq.conf', ...(certificate === undefined ? plain : sealed), 'collect_statistics = none');
    if (certificate !== undefined) {
      write('certfile', certificate.cert);
      write('keyfile', certificate.key);
    }
    write('enabled_plugins', '[].');
    write('.erlang.cookie', newId());
    mkdirSync(join(this.#folder, 'log'));
  }

  #environment(): Record<string, string | undefined> {
    const { distribution, names, control } = this.#ports;
    const inFolder = (name: string) => join(this.#folder, name);
    return {
      ...process.env,
      HOME: this.#folder,
      ERL_EPMD_PORT: String(names),
      ERL_EPMD_ADDRESS: '127.0.0.1',
      ERL_FLAGS: '-start_epmd false',
      RABBITMQ_NODENAME: `parlour-${names}@localhost`,
      RABBITMQ_DIST_PORT: String(distribution),
      RABBITMQ_CTL_DIST_PORT_MIN: String(control),
      RABBITMQ_CTL_DIST_PORT_MAX: String(control),
      RABBITMQ_BASE: this.#folder,
      RABBITMQ_MNESIA_BASE: inFolder('mnesia'),
      RABBITMQ_LOG_BASE: inFolder('log'),
      RABBITMQ_PID_FILE: inFolder('pid'),
      RABBITMQ_CONFIG_FILE: inFolder('rabbitmq.conf'),
      RABBITMQ_CONF_ENV_FILE: inFolder('none'),
      RABBITMQ_ENABLED_PLUGINS_FILE: inFolder('enabled_plugins'),
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+sbwt none',
      // Makes the script become the broker instead of waiting for it, so that signals reach it.
      RUNNING_UNDER_SYSTEMD: 'true',
    };
  }
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}

/** Free at this moment, all different. */
