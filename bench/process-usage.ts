import { readdirSync, readFileSync } from 'node:fs';
import { UsageError } from './usage-error.ts';

/** How many of them the kernel counts in a second of processor time; 100 on every Linux that Node runs on. */
const ticksASecond = 100;
const pageBytes = 4_096;

/** Throws where the kernel does not tell it: nothing would seem to cost anything. */
export function requireProcessorTimes(): void {
  if (!(cpuOf(process.pid) > 0))
    throw new UsageError(
      'Processor times are read from Linux, in /proc/PID/task/*/schedstat. There is no such thing here.',
    );
}

/** Microseconds of processor time that a process has had, over all its threads that live. */
export function cpuOf(pid: number): number {
  const threads = readOr([], () => readdirSync(`/proc/${pid}/task`));
  // To the nanosecond, where `stat` counts hundredths of a second.
  const nanoseconds = threads.map((thread) => readOr(0, () => readFirst(`/proc/${pid}/task/${thread}/schedstat`)));
  return sum(nanoseconds) / 1_000;
}

/** The same of a process with its children, those included that have ended. */
export function cpuOfFamily(pid: number): number {
  return sum([pid, ...childrenOf(pid)].map(cpuOf)) + endedChildren(pid);
}

/** Bytes of memory that a process has in use, pages shared with others included. */
export function residentBytes(pid: number): number {
  const [, pages] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ').map(Number);
  return (pages ?? 0) * pageBytes;
}

/** The same of a process with its children; what they share counts for each of them. */
export function residentBytesOfFamily(pid: number): number {
  return sum([pid, ...childrenOf(pid)].map(residentBytes));
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

function endedChildren(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name stands in brackets and may hold anything; cutime and cstime are the 16th and 17th field.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[13]) + Number(fields[14])) / ticksASecond) * 1e6;
}

function readFirst(path: string): number {
  return Number(readFileSync(path, 'utf8').split(' ', 1)[0]);
}

/** A thread or a process may end between being listed and being read. */
function readOr<Value>(otherwise: Value, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return otherwise;
    throw error;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
