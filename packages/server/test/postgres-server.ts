import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { findFreePort } from './find-ports.ts';

export type PostgresServer = {
  port: number;
  /** Of the process that all others of it are children of. */
  readonly pid: number;
  /** The address of one of its databases. */
  url(database: string): string;
  /** Ends it at once, as a power cut would: nothing is written any more. */
  kill(): Promise<void>;
  /** On the same port and folder, after `kill` or `stop`. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  /** Stops it and removes its folder. */
  remove(): Promise<void>;
};

/** The newest that Debian has put here, or what is on the path. */
const programs = globSync('/usr/lib/postgresql/*/bin').sort().at(-1) ?? '';
export const hasPostgres = existsSync(join(programs, 'postgres'));

/** PostgreSQL refuses to run as root, so its files belong to somebody else then. */
const isRoot = process.getuid?.() === 0;
const asPostgres = isRoot ? ['--reuid=postgres', '--regid=postgres', '--init-groups'] : [];

export type PostgresOptions = {
  durable?: boolean;
  /** Lines of pg_hba.conf that come before the one that lets everybody in. */
  access?: readonly string[];
  /** What it proves itself with; without it, it takes no TLS. */
  certificate?: { cert: string; key: string };
};

/** Starts a PostgreSQL of its own in a folder of its own on a free port. It dies with this process, whatever kills that. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'parlour-postgres-'));
  giveAway(folder);
  chmodSync(folder, 0o700);
  const data = join(folder, 'data');
  const init = [
    '-D',
    data,
    '-U',
    'parlour',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
    '--no-instructions',
  ];
  execFileSync('setpriv', [...asPostgres, '--', join(programs, 'initdb'), ...init], { stdio: 'ignore', cwd: '/' });
  const write = (name: string, text: string) => {
    writeFileSync(join(data, name), text, { mode: 0o600 });
    giveAway(join(data, name));
  };
  const { access = [], certificate } = options;
  const rules = join(data, 'pg_hba.conf');
  writeFileSync(rules, [...access, readFileSync(rules, 'utf8')].join('\n'));
  if (certificate !== undefined) {
    write('server.crt', certificate.cert);
    write('server.key', certificate.key);
  }
  const port = await findFreePort();
  let child: ChildProcess | undefined;

  const start = async () => {
    const settings = {
      listen_addresses: '127.0.0.1',
      max_connections: '400',
      unix_socket_directories: '',
      ssl: certificate === undefined ? 'off' : 'on',
      // A test that kills it wants what was committed to be there afterwards; the others want speed.
      fsync: options.durable === true ? 'on' : 'off',
      full_page_writes: options.durable === true ? 'on' : 'off',
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    child = spawn(
      'setpriv',
      [...asPostgres, '--pdeathsig=QUIT', '--', join(programs, 'postgres'), '-D', data, '-p', String(port), ...flags],
      { stdio: ['ignore', 'ignore', 'pipe'], cwd: '/' },
    );
    const lines: string[] = [];
    child.stderr?.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
    await untilReady(port, child, lines);
  };

  const end = async (signal: NodeJS.Signals) => {
    const ending = child;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const gone = once(ending, 'exit');
    // Killed alone, it leaves backends that hold its memory and so block a restart; while it is paused it starts no more.
    if (signal === 'SIGKILL') ending.kill('SIGSTOP');
    const backends = signal === 'SIGKILL' ? childrenOf(ending.pid ?? 0) : [];
    ending.kill(signal);
    for (const pid of backends) killQuietly(pid);
    await gone;
    while (backends.some(isRunning)) await setTimeout(5);
  };

  await start();
  return {
    port,
    get pid() {
      return child?.pid ?? 0;
    },
    url: (database) => `postgres://parlour@127.0.0.1:${port}/${database}`,
    kill: () => end('SIGKILL'),
    restart: start,
    stop: () => end('SIGINT'),
    remove: async () => {
      await end('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** To the account that PostgreSQL runs as. */
function giveAway(path: string): void {
  if (!isRoot) return;
  const [user = 0, group = 0] = ['-u', '-g'].map((flag) =>
    Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' })),
  );
  chownSync(path, user, group);
}

/** Runs SQL in psql and waits for it; throws what it says. */
export function runPsql(url: string, sql: string): string {
  const args = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', url, '-f', '-'];
  return execFileSync('psql', args, { input: sql, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] }).trim();
}

async function untilReady(port: number, child: ChildProcess, lines: readonly string[]): Promise<void> {
  const ended = once(child, 'exit');
  while (child.exitCode === null) {
    if (lines.some((line) => line.includes('ready to accept connections'))) return;
    await Promise.race([once(child.stderr as NodeJS.ReadableStream, 'data'), ended]);
  }
  throw new Error(`PostgreSQL did not start on port ${port}: ${lines.join('')}`);
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

function isRunning(pid: number): boolean {
  try {
    // A zombie holds nothing any more.
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
