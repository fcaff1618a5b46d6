import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Stands between a client and a server, and does to their connections what networks do. */
export class FaultProxy {
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;
  #waits = 0;
  #rate = Number.POSITIVE_INFINITY;
  #hole: PromiseWithResolvers<void> | undefined;

  private constructor(target: number) {
    this.#target = target;
  }

  /** Passes everything to that port of this machine. */
  static async open(target: number): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    await proxy.pass();
    return proxy;
  }

  /** Where the client is to connect, on 127.0.0.1. */
  get port(): number {
    return this.#port;
  }

  /** Ends every fault; what a black hole held back arrives, as after a cable was plugged in again. */
  async pass(): Promise<void> {
    this.#change(0);
    this.#server ??= await this.#listen();
  }

  /** A black hole: connections open and stay open, and no byte arrives on either side. */
  drop(): void {
    this.#change(0, Promise.withResolvers());
  }

  /** Every byte arrives so many milliseconds later, in both directions. */
  delay(milliseconds: number): void {
    this.#change(milliseconds);
  }

  /** So many bytes a second pass on each connection, and the others wait. */
  throttle(bytes: number): void {
    this.#change(0);
    this.#rate = bytes;
  }

  /** New connections are refused; those that there are stay. */
  refuse(): void {
    this.#server?.close();
    this.#server = undefined;
  }

  /** Breaks every connection that there is. */
  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  close(): void {
    this.refuse();
    this.reset();
    this.#change(0);
  }

  #change(waits: number, hole?: PromiseWithResolvers<void>): void {
    this.#hole?.resolve();
    this.#hole = hole;
    this.#waits = waits;
    this.#rate = Number.POSITIVE_INFINITY;
  }

  async #listen(): Promise<Server> {
    const server = createServer({ allowHalfOpen: true }, (client) => this.#join(client));
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    return server;
  }

  #join(client: Socket): void {
    const server = connect({ port: this.#target, host: '127.0.0.1', allowHalfOpen: true });
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(from);
      from.on('error', () => undefined);
      from.once('close', () => this.#sockets.delete(from));
      this.#pump(from, to).catch(() => to.resetAndDestroy());
    }
  }

  async #pump(from: Socket, to: Socket): Promise<void> {
    for await (const chunk of from) {
      await this.#gate();
      if (Number.isFinite(this.#rate)) await delay((chunk.length / this.#rate) * 1_000);
      // Whatever was broken meanwhile takes nothing, and says so to nobody.
      if (to.destroyed) return;
      if (!to.write(chunk)) await once(to, 'drain');
    }
    await this.#gate();
    to.end();
  }

  async #gate(): Promise<void> {
    if (this.#waits > 0) await delay(this.#waits);
    while (this.#hole !== undefined) await this.#hole.promise;
  }
}
