import { isDeepStrictEqual } from 'node:util';
import type { MessageEvent, RoomEvent } from '@parlour/protocol/events';
import type { AckFrame, EventFrame } from '@parlour/protocol/frames';

type Attempt = { author: string; id: string; room: string; body: string };
type Ack = { author: string; frame: AckFrame };
type Receipt = { tick: number; device: string; person: string; event: RoomEvent };
type Addition = { tick: number; room: string; person: string };

/** What every client of one run did and saw, and what of it breaks I2 to I5. */
export class Ledger {
  readonly broken: string[] = [];
  readonly #attempts: Attempt[] = [];
  readonly #acks: Ack[] = [];
  readonly #receipts: Receipt[] = [];
  readonly #additions: Addition[] = [];
  #tick = 0;

  attempt(attempt: Attempt): void {
    this.#attempts.push(attempt);
  }

  acknowledge(author: string, frame: AckFrame): void {
    this.#acks.push({ author, frame });
  }

  receive(device: string, person: string, { type: _, ...event }: EventFrame): void {
    this.#receipts.push({ tick: ++this.#tick, device, person, event });
  }

  /** The moment before somebody is put into a room. The returned function is called when that made them a member anew. */
  adding(room: string, person: string): () => void {
    const addition = { tick: ++this.#tick, room, person };
    return () => void this.#additions.push(addition);
  }

  /** Compares everything with the room's history, when nothing is under way any more. */
  judge(room: string, history: readonly RoomEvent[]): void {
    history.forEach(({ seq }, index) => {
      if (seq !== index + 1) this.broken.push(`I2: ${room} has ${seq} at place ${index + 1}`);
    });
    this.#judgeMessages(room, history);
    const additions = this.#datedAdditions(room, history);
    for (const receipt of this.#receipts.filter(({ event }) => event.room === room)) {
      const { device, person, event, tick } = receipt;
      const stored = history[event.seq - 1];
      if (!isDeepStrictEqual(stored, event)) {
        this.broken.push(`I4: ${device} got ${JSON.stringify(event)} where history has ${JSON.stringify(stored)}`);
      }
      if (isMember(history, person, event.seq)) continue;
      const allowed = additions.some((added) => added.person === person && added.seq > event.seq && added.tick < tick);
      if (!allowed) this.broken.push(`I5: ${device} got ${event.seq} of ${room} when out of it`);
    }
  }

  /** Every event that a device which only ever resumed has got. */
  seenBy(device: string, room: string): number[] {
    const own = this.#receipts.filter((receipt) => receipt.device === device && receipt.event.room === room);
    return own.map(({ event }) => event.seq);
  }

  #judgeMessages(room: string, history: readonly RoomEvent[]): void {
    const messages = new Map<string, MessageEvent>();
    for (const event of history) {
      if (event.event !== 'message') continue;
      const key = `${event.author.id} ${event.id}`;
      if (messages.has(key)) this.broken.push(`I3: ${key} is twice in ${room}`);
      messages.set(key, event);
      const isKnown = (each: Attempt) => each.author === event.author.id && each.id === event.id;
      const tried = this.#attempts.filter((each) => isKnown(each) && each.room === room && each.body === event.body);
      if (tried.length === 0) this.broken.push(`I3: ${key} in ${room} was never sent so`);
      const acked = this.#acks.filter(({ author, frame }) => author === event.author.id && frame.id === event.id);
      if (acked.length > tried.length) this.broken.push(`I3: ${key} was acknowledged with other content`);
    }
    for (const { author, frame } of this.#acks.filter((ack) => ack.frame.room === room)) {
      const { seq, at } = messages.get(`${author} ${frame.id}`) ?? {};
      if (seq !== frame.seq || at !== frame.at) {
        this.broken.push(`I1: ${author} ${frame.id} was acknowledged as ${frame.seq}, and is ${seq} in ${room}`);
      }
    }
  }

  /** When each "added" of the history was asked for: for one person in one room they come one after another. */
  #datedAdditions(room: string, history: readonly RoomEvent[]): { person: string; seq: number; tick: number }[] {
    const waiting = this.#additions.filter((addition) => addition.room === room);
    return history.flatMap((event) => {
      if (event.event !== 'member' || event.change !== 'added') return [];
      const index = waiting.findIndex(({ person }) => person === event.user.id);
      const [addition] = index < 0 ? [] : waiting.splice(index, 1);
      if (addition === undefined) this.broken.push(`I2: nobody asked for ${JSON.stringify(event)}`);
      return [{ person: event.user.id, seq: event.seq, tick: addition?.tick ?? 0 }];
    });
  }
}

/** Whether the person was in the room at this event, their own coming and going included. */
function isMember(history: readonly RoomEvent[], person: string, seq: number): boolean {
  for (let index = seq - 1; index >= 0; index -= 1) {
    const event = history[index];
    if (event?.event !== 'member' || event.user.id !== person) continue;
    return event.seq === seq || (event.change !== 'left' && event.change !== 'removed');
  }
  return false;
}
