import { type Client, createClient, type RoomView } from '../packages/client/src/client.ts';
import { ForgetfulCommands } from './forgetful-commands.ts';
import type { Ledger } from './ledger.ts';
import type { Login } from './people.ts';
import { type RecordedSocket, recordSockets, type SocketRecord } from './recorded-socket.ts';
import type { SeededRandom } from './seeded-random.ts';
import { SleepyEnvironment } from './sleepy-environment.ts';
import type { Switch } from './switch-off.ts';

export type ChatterOptions = {
  origin: string;
  login: Login;
  ledger: Ledger;
  random: SeededRandom;
  without: Switch | undefined;
};

/** One person at one page, from a login to its end: the real client, with a record of what it did and got. */
export class Chatter {
  readonly person: string;
  readonly session: string;
  /** What findings call it. */
  readonly name: string;
  readonly client: Client;
  readonly environment: SleepyEnvironment;
  readonly rooms = new Map<string, RoomView>();
  /** The highest `seq` that the wire brought, by room. */
  readonly highest = new Map<string, number>();
  /** Somebody ended its login. */
  isRevoked = false;
  #isAway = false;
  readonly #ledger: Ledger;
  readonly #sockets: RecordedSocket[] = [];

  constructor({ origin, login, ledger, random, without }: ChatterOptions) {
    this.person = login.person;
    this.session = login.session;
    this.name = `${login.person}/${login.session.slice(0, 4)}`;
    this.#ledger = ledger;
    const environment = new SleepyEnvironment(() => random.next());
    this.environment = environment;
    const witness = {
      opened: () => undefined,
      received: (socket: SocketRecord, frame: Parameters<Ledger['receive']>[2]) => ledger.receive(this, socket, frame),
    };
    this.client = createClient({
      url: origin,
      environment,
      fetch: async (input, init) => {
        const headers = new Headers(init?.headers);
        headers.set('cookie', login.cookie);
        try {
          return await fetch(input, { ...init, headers });
        } finally {
          await new Promise<void>((resolve) => environment.whenAwake(resolve));
        }
      },
      WebSocket: recordSockets(
        environment,
        witness,
        (socket) => this.#sockets.push(socket),
        new ForgetfulCommands(without),
      ),
    });
    // What it has nobody for may be told at any time.
    this.client.on('error', () => undefined);
  }

  get sockets(): readonly SocketRecord[] {
    return this.#sockets.map(({ record }) => record);
  }

  /** The address of the node that it hangs on now. */
  get node(): string {
    const last = this.#sockets.at(-1)?.record;
    return last === undefined || last.closedAt > 0 ? '' : last.node;
  }

  get isHere(): boolean {
    return this.isAttended && this.client.state.name === 'ready';
  }

  /** Whether anybody sits there who could say something, connected or not. */
  get isAttended(): boolean {
    return !this.isRevoked && !this.environment.isAsleep && !this.#isAway;
  }

  /** From the room's first event on, so that all of it can be compared. */
  enter(room: string): void {
    const view = this.client.room(room, { after: 0 });
    view.open();
    this.rooms.set(room, view);
  }

  say(room: string, body: string): void {
    const message = this.rooms.get(room)?.send(body);
    if (message !== undefined) this.#ledger.send(message.id, { person: this.person, room, body, at: Date.now() });
  }

  /** With `cut`, the network takes the socket away meanwhile; otherwise it stays, and nobody reads from it. */
  sleep({ cut }: { cut: boolean }): void {
    this.environment.sleep();
    const socket = this.#sockets.at(-1);
    if (cut) socket?.cut();
    else socket?.pause();
  }

  wake(): void {
    this.environment.wake();
    this.#sockets.at(-1)?.resume();
  }

  /** Closes the page's connection, and opens it again later. */
  leave(): void {
    this.#isAway = true;
    this.client.close();
  }

  comeBack(): void {
    this.#isAway = false;
    this.environment.awakeSince = Date.now();
    this.client.connect();
  }

  close(): void {
    this.client.close();
    for (const socket of this.#sockets) socket.cut();
  }
}
