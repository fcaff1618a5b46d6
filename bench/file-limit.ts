import { readFileSync } from 'node:fs';

/** What a process opens besides its sockets. */
const others = 200;

/** Throws when no process may hold so many sockets. */
export function requireFiles(sockets: number): void {
  const limit = /^Max open files +\d+ +(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  if (limit === undefined || limit === 'unlimited' || Number(limit) >= sockets + others) return;
  throw new Error(`A process may open ${limit} files here, and this takes ${sockets + others}: raise ulimit -n.`);
}
