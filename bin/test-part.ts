import { type ChildProcess, spawn } from 'node:child_process';

/** One command of the test run, and how long it may take. */
export type Part = {
  name: string;
  command: readonly [string, ...string[]];
  cwd?: string;
  env?: Record<string, string>;
  minutes: number;
};

export type Ended = { code: number; seconds: number; output: string };

const running = new Set<ChildProcess>();

/** Runs a command as a process group of its own, so that whatever it leaves behind ends with it. */
export function runPart({ command: [file, ...args], cwd, env, minutes }: Part): Promise<Ended> {
  const startedAt = performance.now();
  const child = spawn(file, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) => {
    const end = (code: number, last = '') => {
      clearTimeout(patience);
      running.delete(child);
      kill(child, 'SIGKILL');
      const output = Buffer.concat(chunks).toString() + last;
      resolve({ code, seconds: (performance.now() - startedAt) / 1_000, output });
    };
    const patience = setTimeout(() => end(1, `\nStopped: it took longer than ${minutes} minutes.\n`), minutes * 60_000);
    child.once('error', (error) => end(1, `${error.message}\n`));
    // What it started may outlive it and hold the pipes open.
    child.once('exit', () => setTimeout(() => kill(child, 'SIGKILL'), 1_000));
    child.once('close', (code, signal) => end(code ?? 1, signal === null ? '' : `\nEnded by ${signal}.\n`));
  });
}

/** Ends everything that is under way, as when the run is interrupted. */
export function killParts(): void {
  for (const child of running) kill(child, 'SIGKILL');
}

function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // The group is gone already, as it should be.
  }
}
