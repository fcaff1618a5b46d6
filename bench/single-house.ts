import { Child } from './child.ts';
import { cpuOf } from './process-usage.ts';
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.ts';
import { type Measured, measureUsage } from './usage.ts';

/** One node on SQLite, as Parlour is by default; measured from outside as those of a cluster are. */
export class SingleHouse {
  readonly #folder = makeTemporaryFolder();
  readonly #child: Child;
  #port = 0;

  private constructor() {
    const settings = { PARLOUR_DATA: this.#folder };
    this.#child = new Child(new URL('./peers/cluster-peer.ts', import.meta.url), [JSON.stringify(settings)]);
  }

  static async start(): Promise<SingleHouse> {
    const house = new SingleHouse();
    try {
      house.#port = (await house.#child.next<{ port: number }>()).port;
    } catch (error) {
      await house.stop();
      throw error;
    }
    return house;
  }

  get ports(): { near: number } {
    return { near: this.#port };
  }

  measure<Result>(work: () => Promise<Result>): Promise<{ used: Measured; result: Result }> {
    return measureUsage(() => ({ near: cpuOf(this.#child.pid), far: 0, postgres: 0, broker: 0 }), work);
  }

  async findVersions(): Promise<Record<string, string>> {
    return { SQLite: process.versions['sqlite'] ?? '' };
  }

  async stop(): Promise<void> {
    await this.#child.stop();
    removeTemporaryFolder(this.#folder);
  }
}
