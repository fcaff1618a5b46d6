import { BenchCluster } from './bench-cluster.ts';
import { Child } from './child.ts';
import type { ClusterDone, ClusterOrder } from './load/cluster-load.ts';
import type { CrowdPlan } from './load/crowd.ts';
import { SingleHouse } from './single-house.ts';
import { SocketIoCluster } from './socket-io-cluster.ts';
import type { Measured } from './usage.ts';

export type ClusterName = 'single' | 'cluster' | 'socket-io';
/** What one round of one contender measured. */
export type Sample = ClusterDone & { used: Measured };

/** What is measured: one node or two, and what stands behind them. */
type House = {
  ports: Pick<CrowdPlan, 'near' | 'far'>;
  measure<Result>(work: () => Promise<Result>): Promise<{ used: Measured; result: Result }>;
  /** Of the programs that it consists of, but for Node. */
  findVersions(): Promise<Record<string, string>>;
  stop(): Promise<void>;
};

const houses: Record<ClusterName, () => Promise<House>> = {
  single: () => SingleHouse.start(),
  cluster: () => BenchCluster.start(),
  'socket-io': () => SocketIoCluster.start(),
};

/** One house and the process that fills its room. */
export class ClusterContender {
  readonly name: ClusterName;
  readonly #house: House;
  readonly #load: Child;

  private constructor(name: ClusterName, house: House, load: Child) {
    this.name = name;
    this.#house = house;
    this.#load = load;
  }

  static async start(name: ClusterName, crowd: Pick<CrowdPlan, 'members' | 'senders'>): Promise<ClusterContender> {
    const house = await houses[name]();
    const plan = JSON.stringify({ ...house.ports, ...crowd } satisfies CrowdPlan);
    const load = new Child(new URL('./load/cluster-load.ts', import.meta.url), [name, plan]);
    const contender = new ClusterContender(name, house, load);
    try {
      await load.next();
    } catch (error) {
      await contender.stop();
      throw error;
    }
    return contender;
  }

  async measure(order: ClusterOrder): Promise<Sample> {
    const { used, result } = await this.#house.measure(() => this.#load.ask<ClusterDone>(order));
    return { ...result, used };
  }

  findVersions(): Promise<Record<string, string>> {
    return this.#house.findVersions();
  }

  async stop(): Promise<void> {
    await this.#load.stop();
    await this.#house.stop();
  }
}
