import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

export type LeftProcess = { pid: number; command: string };

/**
 * Processes that still run with this mark in their environment, some time after everything was asked to end: `patience` is
 * in milliseconds, and busy machines take seconds. They are ended now. Only Linux tells.
 */
export async function endLeftRunning(mark: string, patience = 10_000): Promise<LeftProcess[]> {
  const until = performance.now() + patience;
  let left = findMarked(mark);
  while (left.length > 0 && performance.now() < until) {
    await delay(100);
    left = findMarked(mark);
  }
  for (const { pid } of left) kill(pid);
  return left;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It has ended by itself in this moment.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function findMarked(mark: string): LeftProcess[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        // Of a process that has ended but was not waited for nothing is left to read.
        if (!readFileSync(`/proc/${name}/environ`, 'utf8').includes(mark)) return [];
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return command === '' ? [] : [{ pid: Number(name), command }];
      } catch {
        return [];
      }
    });
}
