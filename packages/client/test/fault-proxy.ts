import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A network between client and server that fails when a test says so. It outlives the server behind it. */
export class FaultProxy {
  readonly #server: Server;
  readonly #pairs = new Set<[Socket, Socket]>();
  #target: string;
  #refuses = false;
  #holds = false;

  private constructor(target: string) {
    this.#target = target;
    this.#server = createServer((near) => this.#accept(near));
  }

  static open(target: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    return new Promise((resolve) => proxy.#server.listen(0, '127.0.0.1', () => resolve(proxy)));
  }

  get origin(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Another server from now on, for new connections. */
  lead(target: string): void {
    this.#target = target;
  }

  /** Every connection breaks now; new ones work. */
  cut(): void {
    for (const [near, far] of this.#pairs) {
      near.resetAndDestroy();
      far.destroy();
    }
  }

  /** Connections break, and new ones too, until `heal`. */
  refuse(): void {
    this.#refuses = true;
    this.cut();
  }

  /** What is connected stays so and carries nothing any more, as where a network has gone without a word. */
  hold(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.pause();
    this.#holds = true;
  }

  /** New connections work again; what was held breaks. */
  heal(): void {
    this.#refuses = false;
    if (this.#holds) this.cut();
    this.#holds = false;
  }

  close(): Promise<void> {
    this.cut();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #accept(near: Socket): void {
    near.on('error', () => {});
    if (this.#refuses) {
      near.resetAndDestroy();
      return;
    }
    const far = connect(Number(new URL(this.#target).port), '127.0.0.1');
    far.on('error', () => near.destroy());
    const pair: [Socket, Socket] = [near, far];
    this.#pairs.add(pair);
    for (const socket of pair) socket.on('close', () => this.#end(pair));
    near.pipe(far);
    far.pipe(near);
    if (this.#holds) for (const socket of pair) socket.pause();
  }

  #end(pair: [Socket, Socket]): void {
    this.#pairs.delete(pair);
    for (const socket of pair) socket.destroy();
  }
}
