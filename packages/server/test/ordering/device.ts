import type { ServerFrame } from '@parlour/protocol/frames';
import type { TestSocket } from '../test-socket.ts';
import type { Visitor } from '../visitor.ts';
import type { Ledger } from './ledger.ts';

type Place = {
  /** The seq that must come next, undefined while nothing may come. */
  next: number | undefined;
  /** The last seq that was got. */
  last: number;
};
type Sent = { room: string; id: string; body: string };
type Joining = { room: string; after: number | undefined; done(): void };

/** One raw client of one person, which notes whatever comes out of turn. */
export class Device {
  readonly name: string;
  readonly person: Visitor;
  readonly #ledger: Ledger;
  readonly #places = new Map<string, Place>();
  readonly #sent: Sent[] = [];
  /** How many answers are to come for each id. */
  readonly #unanswered = new Map<string, number>();
  #socket: TestSocket | undefined;
  #joining: Joining | undefined;
  #wake: (() => void)[] = [];

  constructor(name: string, person: Visitor, ledger: Ledger) {
    this.name = name;
    this.person = person;
    this.#ledger = ledger;
  }

  async connect(): Promise<void> {
    this.#socket = await this.person.connect({ onFrame: (frame) => this.#take(frame) });
  }

  /** Cuts the line, comes back, and resumes where it was. */
  async reconnect(): Promise<void> {
    await this.#socket?.cut();
    const joined = [...this.#places].filter(([, { next }]) => next !== undefined);
    for (const place of this.#places.values()) place.next = undefined;
    this.#unanswered.clear();
    await this.connect();
    for (const [room] of joined) await this.resume(room);
  }

  /** Joins, and waits for the answer. */
  async join(room: string, after: number | undefined): Promise<void> {
    await new Promise<void>((done) => {
      this.#joining = { room, after, done };
      this.#socket?.send({ type: 'join', room, ...(after === undefined ? {} : { after }) });
    });
  }

  async resume(room: string): Promise<void> {
    await this.join(room, this.#place(room).last);
  }

  leave(room: string): void {
    this.#socket?.send({ type: 'leave', room });
  }

  stopReading(): void {
    this.#socket?.pause();
  }

  readOn(): void {
    this.#socket?.resume();
  }

  send(room: string, body: string): void {
    this.#send({ room, id: `${this.name}-${this.#sent.length}`, body });
  }

  /** Sends something again, as it was or with other words. */
  repeat(back: number, changed: boolean): void {
    const sent = this.#sent.at(-1 - back);
    if (sent !== undefined) this.#send(changed ? { ...sent, body: `${sent.body}!` } : sent);
  }

  /** Waits for the answer to everything that was sent on this connection. */
  async drain(): Promise<void> {
    while (this.#unanswered.size > 0) await new Promise<void>((resolve) => this.#wake.push(resolve));
  }

  /** Sends everything once more, as a client does that does not know what became of it. */
  async repeatAll(): Promise<void> {
    for (const sent of new Map(this.#sent.map((each) => [each.id, each])).values()) this.#send(sent);
    await this.drain();
  }

  /** Waits until it has everything up to this seq. */
  async catchUp(room: string, head: number): Promise<void> {
    while (this.#place(room).last < head) await new Promise<void>((resolve) => this.#wake.push(resolve));
  }

  async close(): Promise<void> {
    await this.#socket?.cut();
  }

  #send(sent: Sent): void {
    if (!this.#sent.some(({ id }) => id === sent.id)) this.#sent.push(sent);
    this.#ledger.attempt({ author: this.person.id, ...sent });
    this.#unanswered.set(sent.id, (this.#unanswered.get(sent.id) ?? 0) + 1);
    this.#socket?.send({ type: 'send', ...sent });
  }

  #place(room: string): Place {
    const found = this.#places.get(room);
    if (found !== undefined) return found;
    const place: Place = { next: undefined, last: 0 };
    this.#places.set(room, place);
    return place;
  }

  #take(frame: ServerFrame): void {
    if (frame.type === 'event') this.#takeEvent(frame);
    if (frame.type === 'joined') this.#enter(frame.room, frame.seq);
    if (frame.type === 'reset') this.#ledger.broken.push(`I4: ${this.name} was reset in ${frame.room}`);
    if (frame.type === 'left') this.#place(frame.room).next = undefined;
    if (frame.type === 'ack') this.#ledger.acknowledge(this.person.id, frame);
    if ((frame.type === 'ack' || frame.type === 'error') && frame.id !== undefined) this.#answer(frame.id);
    if (frame.type === 'error' && frame.id === undefined) this.#refuse(frame.room, frame.code);
    for (const wake of this.#wake.splice(0)) wake();
  }

  #takeEvent(event: Extract<ServerFrame, { type: 'event' }>): void {
    const place = this.#place(event.room);
    this.#ledger.receive(this.name, this.person.id, event);
    if (event.seq !== place.next) {
      this.#ledger.broken.push(`I2: ${this.name} got ${event.seq} of ${event.room} where ${place.next} was to come`);
    }
    place.next = event.seq + 1;
    place.last = Math.max(place.last, event.seq);
  }

  #enter(room: string, head: number): void {
    const place = this.#place(room);
    const after = this.#joining?.after;
    place.next = (after ?? head) + 1;
    // Who does not ask for what was before means to do without it.
    if (after === undefined) place.last = Math.max(place.last, head);
    this.#finishJoining(room);
  }

  /** A join or a leave was refused. */
  #refuse(room: string | undefined, code: string): void {
    if (room === undefined || code === 'not_joined') return;
    this.#place(room).next = undefined;
    this.#finishJoining(room);
  }

  #finishJoining(room: string): void {
    if (this.#joining?.room !== room) return;
    this.#joining.done();
    this.#joining = undefined;
  }

  #answer(id: string): void {
    const left = (this.#unanswered.get(id) ?? 0) - 1;
    if (left > 0) this.#unanswered.set(id, left);
    else this.#unanswered.delete(id);
    if (left < 0) this.#ledger.broken.push(`I3: ${this.name} got an answer too many for ${id}`);
  }
}
