import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Surroundings } from './machine.ts';

/** Seconds of processor time since the machine started: all that was used on it, what its host took away, our own. */
type Used = { all: number; stolen: number; own: number };

/** How many the kernel counts in a second of processor time; 100 on every Linux that Node runs on. */
const ticksASecond = 100;

/**
 * What else used the processors between now and the call of what it returns, when everything that was started here must
 * have ended: the load before a benchmark is also that of the one before it.
 */
export function startMeanwhile(): () => Surroundings {
  const [from, before] = [performance.now(), read()];
  return () => {
    const [seconds, after] = [(performance.now() - from) / 1_000, read()];
    const others = after.all - before.all - (after.own - before.own);
    const stolen = after.stolen - before.stolen;
    const share = (value: number) => Math.max(0, value / seconds).toFixed(1);
    return { Meanwhile: `others used ${share(others)} of ${cpus().length} cores, the host took ${share(stolen)}` };
  };
}

function read(): Used {
  // user, nice, system, idle, iowait, irq, softirq, steal.
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line.split(/ +/).slice(1).map(Number);
  const stat = readFileSync('/proc/self/stat', 'utf8');
  // utime, stime, cutime and cstime are the 14th to 17th field; the name before them stands in brackets.
  const own = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15)
    .map(Number);
  return {
    all: (user + nice + system + irq + softirq) / ticksASecond,
    stolen: steal / ticksASecond,
    own: own.reduce((sum, ticks) => sum + ticks, 0) / ticksASecond,
  };
}
