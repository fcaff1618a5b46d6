import type { RoomEvent } from '@parlour/protocol/events';
import type { AckFrame, EventFrame, ServerFrame } from '@parlour/protocol/frames';
import type { Chatter } from './chatter.ts';
import type { Findings } from './finding.ts';
import type { SocketRecord } from './recorded-socket.ts';

export type Sent = { person: string; room: string; body: string; at: number };
export type Acknowledged = { person: string; room: string; seq: number; at: string };

/** What every client sent, and what the wire brought it, judged as it comes: order and doubles on one socket (I2, I3). */
export class Ledger {
  readonly sent = new Map<string, Sent>();
  readonly acknowledged = new Map<string, Acknowledged>();
  readonly #findings: Findings;
  /** The longest from sending until a member who was awake had it, in milliseconds, and who that was. */
  #silence = { longest: 0, who: '' };

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  /** The longest silence since the last time. */
  takeSilence(): { longest: number; who: string } {
    const taken = this.#silence;
    this.#silence = { longest: 0, who: '' };
    return taken;
  }

  send(id: string, sent: Sent): void {
    this.sent.set(id, sent);
  }

  receive(chatter: Chatter, socket: SocketRecord, frame: ServerFrame): void {
    if (frame.type === 'ack') this.#acknowledge(chatter, frame);
    else if (frame.type === 'joined') this.#begin(chatter, socket, frame.room, frame.members);
    else if (frame.type === 'reset') this.#findings.add('lost', `I4: ${chatter.name} was reset in ${frame.room}`);
    else if (frame.type === 'left') socket.next.delete(frame.room);
    else if (frame.type === 'event') this.#deliver(chatter, socket, frame);
  }

  #acknowledge({ person, name }: Chatter, { id, room, seq, at }: AckFrame): void {
    const known = this.acknowledged.get(id);
    if (known === undefined) this.acknowledged.set(id, { person, room, seq, at });
    else if (known.seq !== seq || known.room !== room)
      this.#findings.add('doubled', `I3: ${name} had ${id} acknowledged as ${known.seq} and as ${seq} of ${room}`);
  }

  #begin({ name }: Chatter, socket: SocketRecord, room: string, members: readonly { id: string }[]): void {
    socket.next.set(room, (socket.asked.get(room) ?? 0) + 1);
    const people = new Set(members.map(({ id }) => id));
    if (people.size < members.length)
      this.#findings.add('doubled', `I8: ${name} was told of somebody twice in ${room}`);
  }

  #deliver(chatter: Chatter, socket: SocketRecord, event: EventFrame): void {
    const { room, seq } = event;
    const next = socket.next.get(room);
    socket.next.set(room, seq + 1);
    const where = `${chatter.name} got ${seq} of ${room} from ${socket.node} where ${next} was next`;
    if (next === undefined) this.#findings.add('without right', where);
    else if (seq < next) this.#findings.add('doubled', `I3: ${where}`);
    else if (seq > next) this.#findings.add('out of order', `I2: ${where}`);
    if (seq <= (chatter.highest.get(room) ?? 0)) return;
    chatter.highest.set(room, seq);
    this.#time(chatter, socket, event);
  }

  #time(chatter: Chatter, socket: SocketRecord, event: RoomEvent): void {
    if (event.event !== 'message' || chatter.environment.isAsleep) return;
    const sentAt = this.sent.get(event.id)?.at ?? 0;
    const waited = Date.now() - sentAt;
    // What was said before somebody came or woke was not waited for.
    if (sentAt < chatter.environment.awakeSince || waited <= this.#silence.longest) return;
    const where = `${chatter.name} got ${event.seq} of ${event.room} from ${socket.node}`;
    const committed = `committed after ${Date.parse(event.at) - sentAt} ms`;
    this.#silence = { longest: waited, who: `${where}, ${committed}` };
  }
}
