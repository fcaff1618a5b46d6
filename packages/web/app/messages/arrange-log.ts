import type { MemberEvent, MessageEvent, Person, RoomEvent } from '@parlour/protocol/events';
import { dayOf } from '../time/format-time.ts';

/** What a message row needs of a message that is still on its way. */
export type OwnMessage = {
  id: string;
  body: string;
  at: string;
  state: 'waiting' | 'sending' | 'failed';
  error?: Error;
};

export type LogRow =
  /** `isNew`: everything from here on came since the reader left. */
  | { kind: 'day'; key: string; at: string; isNew: boolean }
  | { kind: 'new'; key: string }
  | { kind: 'member'; key: string; event: MemberEvent }
  | { kind: 'message'; key: string; author: Person; at: string; body: string; starts: boolean; own?: OwnMessage };

export type LogReader = {
  me: Person;
  timeZone: string;
  /** The last event that had been read when the room was opened. */
  readSeq: number;
};

/** Messages of one author that belong together follow each other within this time. */
const together = 5 * 60 * 1000;

/** A room's events and one's own unsent messages as rows: by day, by author, and with a line before what is new. */
export function arrangeLog(events: readonly RoomEvent[], pending: readonly OwnMessage[], reader: LogReader): LogRow[] {
  const rows: LogRow[] = [];
  let day = '';
  let group: { author: string; since: number } | undefined;
  let newSeen = reader.readSeq === 0;

  function startDay(at: string, isNew: boolean): boolean {
    const next = dayOf(Date.parse(at), reader.timeZone);
    if (next === day) return false;
    day = next;
    group = undefined;
    rows.push({ kind: 'day', key: `day ${at}`, at, isNew });
    return true;
  }

  function addMessage(author: Person, at: string, id: string, body: string, own?: OwnMessage): void {
    const time = Date.parse(at);
    const starts = group?.author !== author.id || time - group.since >= together;
    if (starts) group = { author: author.id, since: time };
    rows.push({ kind: 'message', key: `${author.id} ${id}`, author, at, body, starts, ...(own ? { own } : {}) });
  }

  function isFirstNew(event: RoomEvent): boolean {
    if (newSeen || event.seq <= reader.readSeq) return false;
    return event.event === 'message' && event.author.id !== reader.me.id;
  }

  for (const event of events) {
    const isNew = isFirstNew(event);
    if (isNew) newSeen = true;
    if (!startDay(event.at, isNew) && isNew) {
      rows.push({ kind: 'new', key: 'new' });
      group = undefined;
    }
    if (event.event === 'message') addMessage(event.author, event.at, event.id, event.body);
    else {
      rows.push({ kind: 'member', key: `event ${event.seq}`, event });
      group = undefined;
    }
  }
  for (const own of pending) addMessage(reader.me, own.at, own.id, own.body, own);
  return rows;
}

/** Messages of others after an event: what is new for somebody who has read up to there. */
export function countNew(events: readonly RoomEvent[], readSeq: number, me: Person): number {
  let count = 0;
  for (let index = events.length - 1; index >= 0; index -= 1) {
    const event = events[index];
    if (event === undefined || event.seq <= readSeq) break;
    if (event.event === 'message' && (event as MessageEvent).author.id !== me.id) count += 1;
  }
  return count;
}

/** The newest message that somebody else has said. */
export function findLastOfOthers(events: readonly RoomEvent[], me: Person): MessageEvent | undefined {
  return events.findLast(
    (event): event is MessageEvent => event.event === 'message' && (event as MessageEvent).author.id !== me.id,
  );
}
