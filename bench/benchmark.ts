import type { Result } from './report/result.ts';

/** Tells in one line what is being done. */
export type Say = (line: string) => void;

/** One thing that `npm run bench` measures. */
export type Benchmark = {
  /** Its options, with their defaults. */
  usage: string;
  /** One line for the list. */
  about: string;
  /** Minutes after which the machine is too busy for it, and it ends with a fault. */
  minutes: number;
  /** Throws on options that it does not take. */
  run(args: readonly string[], say: Say): Promise<Result>;
  /** The options of the short form that `--check` runs; without them it is not part of that. */
  check?: readonly string[];
};
