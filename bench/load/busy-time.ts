import { readFileSync } from 'node:fs';

/**
 * Microseconds in which this thread ran, or would have run but waited for a processor. Near all of the time, it and not
 * the server sets the pace, for whichever of both reasons.
 */
export function readBusyTime(): number {
  const [ran = 0, waited = 0] = readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ').map(Number);
  return (ran + waited) / 1_000;
}
