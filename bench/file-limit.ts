import { readFileSync } from 'node:fs';
import { UsageError } from './usage-error.ts';

/** What a process opens besides its sockets. */
const others = 200;

/** Files that a process of this account may have open, sockets among them; Node takes all that it may have. */
export function readFileLimit(): number {
  const [, hard] = /^Max open files +\S+ +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
  return hard === undefined ? Number.POSITIVE_INFINITY : Number(hard);
}

/** Throws when no process may hold so many sockets. */
export function requireFiles(sockets: number): void {
  const [limit, needed] = [readFileLimit(), sockets + others];
  if (limit < needed) throw new UsageError(`This takes ${needed} files a process, of ${limit}: raise ulimit -n.`);
}
