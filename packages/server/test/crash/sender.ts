import type { RoomEvent } from '@parlour/protocol/events';
import type { ServerFrame } from '@parlour/protocol/frames';
import type { TestSocket } from '../test-socket.ts';
import type { Visitor } from '../visitor.ts';

type Message = { id: string; body: string; seq?: number };
/** What one client knows of one room: what it got, and what it sent, one at a time. */
type Room = { events: RoomEvent[]; sent: Message[] };

/** A client that sends without end, loses its server now and then, and keeps a record of everything. */
export class Sender {
  readonly name: string;
  readonly person: Visitor;
  readonly rooms: ReadonlyMap<string, Room>;
  /** What came out of turn. */
  readonly broken: string[] = [];
  acknowledged = 0;
  readonly #onAck: () => void;
  #socket: TestSocket | undefined;
  #isSending = true;
  #changed: () => void = () => undefined;

  constructor(name: string, person: Visitor, rooms: readonly string[], onAck: () => void) {
    this.name = name;
    this.person = person;
    this.rooms = new Map(rooms.map((room) => [room, { events: [], sent: [] }]));
    this.#onAck = onAck;
  }

  /** Connects, resumes every room, and sends again what was not acknowledged. */
  async connect(): Promise<void> {
    const socket = await this.person.connect({ onFrame: (frame) => this.#take(frame) });
    this.#socket = socket;
    for (const [room, { events }] of this.rooms) socket.send({ type: 'join', room, after: events.length });
    for (const room of this.rooms.keys()) this.#send(room);
  }

  /** Resolves when the server is gone. */
  async lost(): Promise<void> {
    await this.#socket?.closed;
  }

  /** Sends no new message, and waits until the last ones are acknowledged. */
  async finish(): Promise<void> {
    this.#isSending = false;
    await this.#until(() => [...this.rooms.values()].every(({ sent }) => sent.every(({ seq }) => seq !== undefined)));
  }

  async catchUp(heads: ReadonlyMap<string, number>): Promise<void> {
    await this.#until(() => [...this.rooms].every(([room, { events }]) => events.length >= (heads.get(room) ?? 0)));
  }

  async close(): Promise<void> {
    await this.#socket?.cut();
  }

  /** The message that waits for its ack, or else a new one. */
  #send(room: string): void {
    const sent = this.rooms.get(room)?.sent ?? [];
    let message = sent.at(-1);
    if (message === undefined || message.seq !== undefined) {
      if (!this.#isSending) return;
      message = { id: `${this.name}-${room}-${sent.length}`, body: `${this.name} says ${sent.length}` };
      sent.push(message);
    }
    this.#socket?.send({ type: 'send', room, id: message.id, body: message.body });
  }

  #take(frame: ServerFrame): void {
    if (frame.type === 'event') {
      const { type: _, ...event } = frame;
      const events = this.rooms.get(frame.room)?.events ?? [];
      if (frame.seq !== events.length + 1) this.broken.push(`${frame.room}: ${frame.seq} after ${events.length}`);
      events.push(event);
    } else if (frame.type === 'ack') {
      const message = this.rooms.get(frame.room)?.sent.at(-1);
      if (message?.id !== frame.id || message.seq !== undefined) this.broken.push(`an ack out of turn: ${frame.id}`);
      else message.seq = frame.seq;
      this.acknowledged += 1;
      this.#onAck();
      this.#send(frame.room);
    } else if (frame.type === 'error' || frame.type === 'reset') {
      this.broken.push(JSON.stringify(frame));
    }
    this.#changed();
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }
}
