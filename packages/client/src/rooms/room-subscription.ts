import { ParlourError } from '@parlour/protocol/errors';
import type { RoomEvent } from '@parlour/protocol/events';
import type { JoinedFrame } from '@parlour/protocol/frames';
import { Backoff } from '../connection/backoff.ts';
import type { EventLog } from './event-log.ts';
import type { RoomLink } from './room-link.ts';
import type { RoomState } from './room-snapshot.ts';

export type SubscriptionHandlers = {
  changed(): void;
  /** The log holds another page than before. */
  loaded(): void;
  joined(frame: JoinedFrame): void;
  applied(event: RoomEvent): void;
  /** One may not read this room, or no longer. */
  refused(): void;
};

const accessCodes = new Set(['not_a_member', 'room_not_found', 'removed_from_room', 'forbidden']);

/**
 * Keeps a room's log in step with the server's: the last page by HTTP where nothing is known, then `join` from the last
 * event applied, and the same again after a gap, a cut or a `reset` (I4, A11, fault 7).
 */
export class RoomSubscription {
  readonly #room: string;
  readonly #log: EventLog;
  readonly #link: RoomLink;
  readonly #handlers: SubscriptionHandlers;
  readonly #backoff: Backoff;
  #phase: 'off' | 'waiting' | 'loading' | 'joining' | 'joined' | 'refused' = 'off';
  #error: ParlourError | undefined;
  /** Whether the server may take this socket as being in the room, also while the page loads anew. */
  #isSubscribed = false;
  #head = 0;
  /** `leave` commands of this socket that have no answer yet: their `left` is no news. */
  #leaving = 0;
  /** Where the log stood at the last gap: at the same place again, it waits before it asks again. */
  #gapAt: number | undefined;
  #isLetIn = false;
  /** Answers to an earlier run's requests are not for this one. */
  #run = 0;
  #cancelRetry: (() => void) | undefined;

  constructor(room: string, log: EventLog, link: RoomLink, handlers: SubscriptionHandlers) {
    this.#room = room;
    this.#log = log;
    this.#link = link;
    this.#handlers = handlers;
    this.#backoff = new Backoff(link.environment.random);
  }

  get state(): RoomState {
    if (this.#phase === 'off') return 'idle';
    if (this.#phase === 'refused') return 'refused';
    return this.isJoined && (this.#log.last ?? -1) >= this.#head ? 'live' : 'loading';
  }

  get error(): ParlourError | undefined {
    return this.#error;
  }

  get isWanted(): boolean {
    return this.#phase !== 'off';
  }

  get isJoined(): boolean {
    return this.#phase === 'joined';
  }

  /** The room's last event, as far as known. */
  get head(): number {
    return Math.max(this.#head, this.#log.last ?? 0);
  }

  start(): void {
    if (this.isWanted) return;
    this.#wait();
    this.ready();
  }

  /** One who was refused may have come in since. */
  retry(): void {
    if (this.#phase === 'refused') this.ready();
  }

  /** One was added. A refusal that is still on its way was true before that, so the room is asked once more. */
  letIn(): void {
    this.#isLetIn = true;
    this.retry();
  }

  stop(): void {
    if (this.#isSubscribed) {
      this.#link.send({ type: 'leave', room: this.#room });
      this.#leaving += 1;
    }
    this.#isSubscribed = false;
    this.#pause();
    this.#phase = 'off';
    this.#handlers.changed();
  }

  /** The connection is there. Also for a room that was refused: one may have been added since. */
  ready(): void {
    // Whoever was told first that the connection is there may have opened the room in that moment.
    const isDue = this.#phase === 'waiting' || this.#phase === 'refused';
    if (!isDue || !this.#link.isReady()) return;
    this.#pause();
    this.#error = undefined;
    this.#isLetIn = false;
    if (this.#log.last === undefined) void this.#load();
    else this.#join();
  }

  cut(): void {
    this.#isSubscribed = false;
    this.#leaving = 0;
    this.#gapAt = undefined;
    if (!this.isWanted || this.#phase === 'refused') return;
    this.#wait();
  }

  joined(frame: JoinedFrame): void {
    // Also where nobody waits for it any more: the command may have gone out after it was given up.
    this.#link.answered(this.#question);
    if (this.#phase !== 'joining' && this.#phase !== 'joined') return;
    this.#backoff.reset();
    this.#phase = 'joined';
    this.#head = frame.seq;
    this.#handlers.joined(frame);
    this.#handlers.changed();
  }

  received(event: RoomEvent): void {
    if (this.#phase !== 'joined' && this.#phase !== 'joining') return;
    const outcome = this.#log.apply(event);
    if (outcome === 'applied') this.#handlers.applied(event);
    else if (outcome === 'gap' && this.isJoined) this.#resume();
  }

  reset(seq: number): void {
    if (this.#phase !== 'joined' && this.#phase !== 'joining') return;
    this.#link.answered(this.#question);
    this.#log.clear();
    this.#head = seq;
    void this.#load();
  }

  left(): void {
    // The server does not answer a `join` that a `leave` follows at once.
    if (this.#phase !== 'joining') this.#link.answered(this.#question);
    if (this.#leaving > 0) this.#leaving -= 1;
    else if (this.isWanted && this.#phase !== 'refused') {
      this.refuse(new ParlourError('not_a_member', 'You are no longer in this room.'));
    }
  }

  /** An `error` about the room as a whole. Tells whether it was for here. */
  failed(error: ParlourError): boolean {
    // Every scope may join: it was a `read` or a typing notice that was refused (P-GRANT-6).
    if (error.code === 'insufficient_scope') return false;
    if (error.code === 'not_joined') return this.#wasNotJoined();
    this.#link.answered(this.#question);
    if (this.#phase === 'joining') this.#fail(error);
    // That one is not in a room that is closed, or refused already, is no news.
    else if (!this.isJoined) return accessCodes.has(error.code);
    else if (accessCodes.has(error.code)) this.refuse(error);
    else return false;
    return true;
  }

  /** Answers the `leave` of a subscription that had ended by itself, or tells that this one has; never a `join`. */
  #wasNotJoined(): true {
    if (this.#leaving > 0) this.#leaving -= 1;
    else if (this.isJoined) this.#join();
    return true;
  }

  refuse(error: ParlourError): void {
    if (!this.isWanted) return;
    this.#pause();
    this.#isSubscribed = false;
    this.#phase = 'refused';
    this.#error = error;
    this.#handlers.refused();
    this.#handlers.changed();
  }

  get #question(): string {
    return `join ${this.#room}`;
  }

  #wait(): void {
    this.#pause();
    this.#phase = 'waiting';
    this.#error = undefined;
    this.#handlers.changed();
  }

  #pause(): void {
    this.#run += 1;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#link.answered(this.#question);
  }

  async #load(): Promise<void> {
    this.#pause();
    const run = this.#run;
    this.#phase = 'loading';
    this.#handlers.changed();
    try {
      const { items } = await this.#link.loadPage(this.#room);
      if (run !== this.#run) return;
      this.#log.startFrom(items);
      this.#handlers.loaded();
      this.#join();
    } catch (error) {
      if (run === this.#run) this.#fail(error);
    }
  }

  #join(): void {
    this.#isSubscribed = true;
    this.#phase = 'joining';
    this.#link.send({ type: 'join', room: this.#room, after: this.#log.last ?? 0 }, this.#question);
    this.#handlers.changed();
  }

  #resume(): void {
    const isStuck = this.#gapAt === this.#log.last;
    this.#gapAt = this.#log.last;
    if (isStuck) this.#retryLater(0);
    else this.#join();
  }

  #fail(error: unknown): void {
    if (!(error instanceof ParlourError)) this.#retryLater(0);
    // Whether the login has ended is the connection's to find out; until then the room just waits.
    else if (error.retryable || error.status === 401) this.#retryLater((error.retryAfter ?? 0) * 1000);
    else if (this.#isLetIn) this.#retryLater(0);
    else this.refuse(error);
  }

  #retryLater(minimum: number): void {
    this.#wait();
    this.#cancelRetry = this.#link.environment.after(this.#backoff.next(minimum), () => this.ready());
  }
}
