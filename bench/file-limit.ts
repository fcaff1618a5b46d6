import { readFileSync } from 'node:fs';

/** Files that a process of this account may have open, sockets among them; Node takes all that it may have. */
export function readFileLimit(): number {
  const [, hard] = /^Max open files +\S+ +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
  return hard === undefined ? Number.POSITIVE_INFINITY : Number(hard);
}
