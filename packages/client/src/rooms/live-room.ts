import { ParlourError } from '@parlour/protocol/errors';
import type { MemberEvent, RoomEvent } from '@parlour/protocol/events';
import type { ErrorFrame, JoinedFrame, ServerFrame } from '@parlour/protocol/frames';
import { Listeners } from '../listeners.ts';
import { checkMessage } from '../messages/check-message.ts';
import { Outbox } from '../messages/outbox.ts';
import type { PendingMessage } from '../messages/pending-message.ts';
import { PresentPeople } from '../presence/present-people.ts';
import { TypingNotice } from '../presence/typing-notice.ts';
import { TypingPeople } from '../presence/typing-people.ts';
import { EventLog } from './event-log.ts';
import { ReadMark } from './read-mark.ts';
import type { RoomLink } from './room-link.ts';
import type { RoomOptions, RoomSnapshot } from './room-snapshot.ts';
import { RoomSubscription } from './room-subscription.ts';
import type { RoomView } from './room-view.ts';

/** How many events a room that nobody has open keeps. */
const kept = 100;

/** The frames that belong to one room. */
export type RoomFrame = Exclude<ServerFrame, { type: 'authenticated' | 'self' | 'error' }>;

/**
 * Brings a room's parts together: log, subscription, outbox, presence. Each part knows nothing of the others.
 *
 * It is longer than most files since all that passes between them is here: each part has its own file.
 */
export class LiveRoom implements RoomView {
  readonly id: string;
  readonly #link: RoomLink;
  readonly #log = new EventLog();
  readonly #subscription: RoomSubscription;
  readonly #outbox: Outbox;
  readonly #present = new PresentPeople();
  readonly #typing: TypingPeople;
  readonly #typingNotice: TypingNotice;
  readonly #readMark: ReadMark;
  readonly #listeners = new Listeners<void>();
  #opened = 0;
  #isSeeded = false;
  #older: Promise<void> | undefined;
  #snapshot: RoomSnapshot | undefined;

  constructor(id: string, link: RoomLink) {
    this.id = id;
    this.#link = link;
    const { environment } = link;
    this.#subscription = new RoomSubscription(id, this.#log, link, {
      changed: () => this.#changed(),
      loaded: () => this.#settle(),
      joined: (frame) => this.#joined(frame),
      applied: (event) => this.#applied(event),
      refused: () => this.#shutOut(),
    });
    this.#outbox = new Outbox(environment, {
      transmit: (message) => this.#transmit(message),
      changed: () => this.#outboxChanged(),
    });
    this.#typing = new TypingPeople(environment, () => this.#changed());
    this.#typingNotice = new TypingNotice(environment.now);
    this.#readMark = new ReadMark(environment, (seq) => this.#sendRead(seq));
  }

  get snapshot(): RoomSnapshot {
    this.#snapshot ??= this.#look();
    return this.#snapshot;
  }

  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  open(): void {
    this.#opened += 1;
    this.#subscription.start();
    this.#subscription.retry();
  }

  close(): void {
    this.#opened = Math.max(0, this.#opened - 1);
    this.#leaveIfDone();
  }

  send(body: string, data?: unknown): PendingMessage {
    checkMessage(body, data);
    return this.#outbox.add(body, data);
  }

  retry(id: string): void {
    this.#outbox.retry(id);
  }

  discard(id: string): void {
    this.#outbox.discard(id);
  }

  typing(): void {
    if (this.#subscription.isJoined && this.#typingNotice.isDue()) {
      this.#link.send({ type: 'typing', room: this.id });
    }
  }

  read(seq: number): void {
    this.#readMark.mark(seq);
  }

  loadOlder(): Promise<void> {
    const { first } = this.#log;
    if (first === undefined || !this.#log.hasOlder) return Promise.resolve();
    this.#older ??= this.#loadBefore(first);
    return this.#older;
  }

  /**
   * Takes what is known beforehand, unless the room knows or knew more already: what it has dropped, for a `reset` or
   * because the person signed out, does not come back through a component that still holds it.
   */
  seed({ after, history }: RoomOptions): void {
    const isEmpty = !history?.length && after === undefined;
    if (isEmpty || this.#isSeeded) return;
    this.#isSeeded = true;
    if (this.#log.last !== undefined) return;
    if (history?.length) this.#log.startFrom(history);
    else if (after !== undefined) this.#log.startAfter(after);
    this.#snapshot = undefined;
  }

  /** Tells what has changed while nothing fired. */
  refresh(): void {
    this.#changed();
  }

  ready(): void {
    this.#subscription.ready();
    this.#readMark.flush();
  }

  /** One was added to the room, which may have been refused before. */
  letIn(): void {
    this.#subscription.letIn();
  }

  cut(): void {
    // Not for every room that was ever read: they would all be marked anew after each reconnect.
    if (this.#subscription.isWanted || this.#readMark.isRecent) this.#readMark.repeat();
    this.#paused();
    this.#subscription.cut();
  }

  /** Goes on with messages from before a reload, which are sent even where nobody opens the room. */
  restore(messages: readonly PendingMessage[]): void {
    this.#outbox.restore(messages.filter(({ id }) => !this.#isHere(id)));
    this.#settle();
  }

  /** The person signed out, or another signed in: nothing of the one before is shown or sent. */
  forget(): void {
    this.#outbox.clear();
    this.#readMark.clear();
    this.#log.clear();
    this.#present.replace([], 0);
    this.#changed();
  }

  receive(frame: RoomFrame): void {
    if (frame.type === 'event') this.#subscription.received(toEvent(frame));
    else if (frame.type === 'ack') this.#acked(frame.id, frame.seq);
    else if (frame.type === 'joined') this.#subscription.joined(frame);
    else if (frame.type === 'left') this.#subscription.left();
    else if (frame.type === 'reset') this.#subscription.reset(frame.seq);
    else if (frame.type === 'typing') this.#typing.typed(frame.user);
    else if (frame.type === 'presence') {
      this.#present.change(frame);
      this.#changed();
    }
  }

  refused(frame: ErrorFrame, error: ParlourError): void {
    if (frame.id === undefined) {
      if (error.retryable) this.#readMark.repeat((error.retryAfter ?? 0) * 1000);
      // A mark goes out again by itself, and nobody misses a typing notice.
      if (!this.#subscription.failed(error) && !error.retryable) this.#link.report(error);
      return;
    }
    this.#link.answered(frame.id);
    this.#outbox.refused(frame.id, error);
    // Besides the message, the refusal may tell that this socket is not in the room any more.
    if (this.#subscription.isJoined) this.#subscription.failed(error);
  }

  #joined(frame: JoinedFrame): void {
    this.#present.replace(frame.members, frame.count);
    this.#readMark.flush();
    this.#outbox.open();
  }

  /** A whole page is here at once, and may hold what is still pending: sent before a reload or a `reset`. */
  #settle(): void {
    for (const { id } of this.#outbox.pending) {
      if (this.#isHere(id)) this.#outbox.arrived(id);
    }
    this.#outbox.settled(this.#log.last ?? 0);
  }

  #isHere(id: string): boolean {
    return this.#log.hasMessage(id, this.#link.user()?.id);
  }

  #applied(event: RoomEvent): void {
    if (event.event === 'message') this.#messageArrived(event.id, event.author.id);
    this.#outbox.settled(event.seq);
    // Thousands of events may be replayed at once; the listeners hear of them when the room has caught up.
    if (this.#subscription.state === 'live') this.#changed();
    else this.#snapshot = undefined;
    if (event.event === 'member' && this.#isOwnEnd(event)) {
      this.#subscription.refuse(new ParlourError('not_a_member', 'You are no longer in this room.'));
    }
  }

  #messageArrived(id: string, author: string): void {
    this.#typing.stopped(author);
    if (author !== this.#link.user()?.id) return;
    this.#link.answered(id);
    this.#outbox.arrived(id);
  }

  /** In a replay one's own leaving is history: one was let in again since, or there would be no replay. */
  #isOwnEnd({ change, user, seq }: MemberEvent): boolean {
    const isEnd = change === 'left' || change === 'removed';
    return isEnd && user.id === this.#link.user()?.id && seq >= this.#subscription.head;
  }

  #acked(id: string, seq: number): void {
    this.#link.answered(id);
    this.#outbox.acked(id, seq);
    this.#outbox.settled(this.#log.last ?? 0);
  }

  #transmit({ id, body, data }: PendingMessage): void {
    this.#link.send({ type: 'send', id, room: this.id, body, ...(data === undefined ? {} : { data }) }, id);
  }

  #sendRead(seq: number): boolean {
    const { isWanted, isJoined } = this.#subscription;
    // A room that nobody has open any more needs no `join` for it.
    if (isWanted ? !isJoined : !this.#link.isReady()) return false;
    this.#link.send({ type: 'read', room: this.id, seq });
    return true;
  }

  #outboxChanged(): void {
    this.#link.shelve(this.id, this.#outbox.unsent);
    if (this.#outbox.isBusy) this.#subscription.start();
    else this.#leaveIfDone();
    this.#changed();
  }

  #leaveIfDone(): void {
    if (this.#opened > 0 || this.#outbox.isBusy || !this.#subscription.isWanted) return;
    this.#paused();
    this.#log.trim(kept);
    this.#subscription.stop();
    this.#readMark.finish();
  }

  /** Nobody tells any more who comes and goes. */
  #shutOut(): void {
    this.#paused();
    this.#present.replace([], 0);
  }

  #paused(): void {
    this.#outbox.shut();
    this.#typing.clear();
    this.#readMark.pause();
  }

  async #loadBefore(first: number): Promise<void> {
    const { items } = await this.#link.loadPage(this.id, first).finally(() => {
      // Before anybody hears of the page, for they may ask for the next one at once.
      this.#older = undefined;
    });
    if (this.#log.first !== first) return;
    this.#log.prepend(items);
    this.#changed();
  }

  #changed(): void {
    this.#snapshot = undefined;
    if (this.#link.isClosed()) return;
    this.#listeners.call();
  }

  #look(): RoomSnapshot {
    const { state, error, head } = this.#subscription;
    return {
      id: this.id,
      state,
      ...(error ? { error } : {}),
      events: this.#log.list(),
      pending: this.#outbox.pending,
      present: this.#present.list(),
      presentCount: this.#present.count,
      typing: this.#typing.list(),
      hasOlder: this.#log.hasOlder,
      head,
    };
  }
}

function toEvent({ type: _, ...event }: { type: 'event' } & RoomEvent): RoomEvent {
  return event as RoomEvent;
}
