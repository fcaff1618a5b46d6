import type { BenchCluster } from '../bench-cluster.ts';
import type { Child } from '../child.ts';
import type { CostsHouse } from '../load/costs-house.ts';
import type { CostsDone, CostsOrder } from '../load/costs-load.ts';

/** How much of everything is measured. */
export type CostsPlan = {
  rounds: number;
  /** Of one round. */
  milliseconds: number;
  /** Sockets with one message each under way. */
  senders: number;
  /** Twice as many idle ones are connected; what connecting costs is that of the second half. */
  sockets: number;
  /** Seconds of doing nothing, which should be a multiple of the time between two pings. */
  idleSeconds: number;
  /** Readers of one room, many and few. */
  crowd: number;
  few: number;
  /** At least so many are stored before their bytes are counted. */
  messages: number;
};

/** What every measure has at hand. */
export type Bench = {
  cluster: BenchCluster;
  load: Child;
  plan: CostsPlan;
  house: CostsHouse;
  say: (line: string) => void;
};

/** Has the load generator do one thing, and waits until it is done. */
export function order(load: Child, wish: CostsOrder): Promise<CostsDone> {
  return load.ask<CostsDone>(wish);
}

/** Lets so many seconds pass. */
export const rest = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1_000));
