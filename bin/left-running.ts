import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const patience = 3_000;

export type LeftProcess = { pid: number; command: string };

/**
 * Processes that still run with this mark in their environment, some time after everything was asked to end. They are
 * ended now. Only Linux tells.
 */
export async function endLeftRunning(mark: string): Promise<LeftProcess[]> {
  const until = performance.now() + patience;
  let left = findMarked(mark);
  while (left.length > 0 && performance.now() < until) {
    await delay(100);
    left = findMarked(mark);
  }
  for (const { pid } of left) process.kill(pid, 'SIGKILL');
  return left;
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
