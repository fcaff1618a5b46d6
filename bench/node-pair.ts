import { Child } from './child.ts';
import { cpuOf } from './process-usage.ts';

/** The nodes of one house: the near one that is spoken to, and the far one, each a process of its own. */
export class NodePair {
  readonly #nodes: { child: Child; port: number }[] = [];

  /** Starts one node more, and waits until it listens. */
  async add(module: URL, setting: string): Promise<void> {
    const node = { child: new Child(module, [setting]), port: 0 };
    this.#nodes.push(node);
    node.port = (await node.child.next<{ port: number }>()).port;
  }

  get near(): Child | undefined {
    return this.#nodes[0]?.child;
  }

  /** Where they listen. */
  get ports(): { near: number; far: number } {
    const [near = 0, far = 0] = this.#nodes.map(({ port }) => port);
    return { near, far };
  }

  /** Microseconds of processor time. */
  readCpu(): { near: number; far: number } {
    const [near = 0, far = 0] = this.#nodes.map(({ child }) => cpuOf(child.pid));
    return { near, far };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#nodes.map(({ child }) => child.stop()));
  }
}
