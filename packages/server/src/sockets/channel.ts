import type { RoomEvent } from '@parlour/protocol/events';
import type { ServerFrame } from '@parlour/protocol/frames';
import type { Replays } from './replays.ts';
import { encodeEvent, encodeFrame } from './shared-frame.ts';
import type { Subscription } from './subscription.ts';

/** What a channel needs to know of the room beyond this node: the database is the truth. */
export type RoomLog = {
  /** The room's head for one of its members, undefined for everybody else. */
  findHead(room: string, user: string): Promise<number | undefined>;
  listEventsAfter(room: string, after: number, limit: number): Promise<RoomEvent[]>;
  isMember(room: string, user: string): Promise<boolean>;
};

export type ChannelHooks = {
  /** The subscription gets nothing more. */
  onEnd(subscription: Subscription): void;
  onError(error: unknown): void;
};

const pageSize = 50;

/**
 * One room on this node: its local subscribers and the head up to which they have been served. Events reach every live
 * subscriber in the order of their seq; what was published late, twice or never is taken from the database (I2, I11).
 */
export class Channel {
  readonly room: string;
  readonly #log: RoomLog;
  readonly #replays: Replays;
  readonly #hooks: ChannelHooks;
  readonly #subscriptions = new Set<Subscription>();
  #head: number | undefined;
  /** The first head: nothing up to it was delivered here, no end of a membership either. */
  #origin = 0;
  /** The highest seq that is known to exist. */
  #known = 0;
  #repairing = false;

  constructor(room: string, log: RoomLog, replays: Replays, hooks: ChannelHooks) {
    this.room = room;
    this.#log = log;
    this.#replays = replays;
    this.#hooks = hooks;
  }

  get head(): number {
    return this.#head ?? 0;
  }

  get isEmpty(): boolean {
    return this.#subscriptions.size === 0;
  }

  /** From here on no ending of the peer's right can be missed, so the right is looked up after this, never before. */
  register(subscription: Subscription): void {
    this.#subscriptions.add(subscription);
  }

  /** Takes a head that was read from the database, at first to begin from. */
  noticeHead(head: number): void {
    this.#known = Math.max(this.#known, head);
    if (this.#head === undefined) {
      this.#head = head;
      this.#origin = head;
    }
    if (this.#known > this.#head) this.#repair();
  }

  /** Begins to serve a subscription, from its cursor on, whose right has just been found, when the room had that head. */
  begin(subscription: Subscription, head: number): void {
    const { state, isDoubtful, cursor } = subscription;
    // Where others were answered sooner with a later head, the end of this right may lie between the two.
    if (isDoubtful || head < this.#origin) this.#serveDoubtful(subscription);
    // Nearly everybody who comes has missed nothing: the database need not be asked once more.
    else if (state === 'checking' && cursor >= this.head) subscription.state = 'live';
    else this.serve(subscription);
  }

  /** Brings a subscription up from its cursor, and looks its right up with every page. */
  serve(subscription: Subscription): void {
    subscription.state = 'replaying';
    subscription.round += 1;
    this.#attend(subscription, this.#replay(subscription, subscription.round));
  }

  end(subscription: Subscription): void {
    if (!this.#subscriptions.delete(subscription)) return;
    subscription.state = 'ended';
    this.#hooks.onEnd(subscription);
  }

  /** Takes an event from the fan-out, in whatever order it comes. */
  receive(event: RoomEvent): void {
    this.#known = Math.max(this.#known, event.seq);
    if (this.#head === undefined || event.seq <= this.#head) return;
    if (event.seq === this.#head + 1 && !this.#repairing) this.#deliver(event);
    else this.#repair();
  }

  /** Delivers something that is not durable to everybody here. */
  broadcast(frame: ServerFrame, except?: string): void {
    if (this.#subscriptions.size === 0) return;
    const shared = encodeFrame(frame);
    for (const { state, peer } of this.#subscriptions) {
      if ((state === 'live' || state === 'replaying') && peer.user.id !== except) peer.deliverShared(shared);
    }
  }

  /** Stops serving a person until their membership was looked up again: it may have ended (I5). */
  revalidate(user: string): void {
    for (const subscription of this.#subscriptions) {
      if (subscription.peer.user.id !== user) continue;
      // A `join` that is under way may have found the right before it ended.
      subscription.isDoubtful = true;
      if (subscription.state !== 'checking') this.#serveDoubtful(subscription);
    }
  }

  #serveDoubtful(subscription: Subscription): void {
    this.serve(subscription);
    // A replay may have to wait for its turn or its reader, and what is not durable goes on meanwhile (I7).
    this.#attend(subscription, this.#endIfStranger(subscription));
  }

  async #endIfStranger(subscription: Subscription): Promise<void> {
    const { peer, round } = subscription;
    const isMember = await this.#log.isMember(this.room, peer.user.id);
    // Whoever was doubted or has joined again meanwhile is looked up again.
    if (subscription.round !== round) return;
    if (isMember) subscription.isDoubtful = false;
    else this.#expel(subscription);
  }

  #expel(subscription: Subscription): void {
    if (subscription.state === 'ended') return;
    this.end(subscription);
    subscription.peer.deliver({ type: 'left', room: this.room });
  }

  /** What cannot be found out about a right, ends the connection. */
  #attend(subscription: Subscription, work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#hooks.onError(error);
      subscription.peer.fail();
    });
  }

  /** Pulled as the peer drains, so that a long replay neither floods it nor counts as slowness (I4). */
  async #replay(subscription: Subscription, round: number): Promise<void> {
    const { peer } = subscription;
    const isCurrent = () => subscription.state === 'replaying' && subscription.round === round && peer.isOpen;
    let size = pageSize;
    while (isCurrent()) {
      // One page for one peer at a time, in however many rooms it is behind: what waits in memory for it stays small (I9).
      const endTurn = await peer.takeTurn();
      try {
        await peer.drained();
        if (isCurrent()) size = await this.#replays.inTurn(() => this.#replayPage(subscription, size, isCurrent));
      } finally {
        endTurn();
      }
    }
  }

  /** Tells how many events the next page should have: as many as this peer took at once. */
  async #replayPage(subscription: Subscription, size: number, isCurrent: () => boolean): Promise<number> {
    // It may have had to wait for its turn.
    if (!isCurrent()) return size;
    const { peer, cursor } = subscription;
    const { room, head } = this;
    const events = await this.#replays.read({ room, user: peer.user.id, after: cursor, size, head });
    if (!isCurrent()) return size;
    if (events === undefined) {
      this.#expel(subscription);
      return size;
    }
    let taken = 0;
    for (const { seq, frame } of events) {
      // What a peer that does not read was not given is let go, and read again once it does.
      if (!peer.isDrained) return Math.max(1, taken);
      peer.deliverShared(frame);
      subscription.cursor = seq;
      taken += 1;
    }
    // The head may have moved while the page was read, and a live event been passed over meanwhile.
    if (subscription.cursor >= this.head) subscription.state = 'live';
    return Math.min(pageSize, size * 2);
  }

  #deliver(event: RoomEvent): void {
    this.#head = event.seq;
    const frame = encodeEvent(event);
    for (const subscription of this.#subscriptions) {
      // A replay that ended ahead of the fan-out has delivered this one already.
      if (subscription.state !== 'live' || subscription.cursor >= event.seq) continue;
      subscription.cursor = event.seq;
      subscription.peer.deliverShared(frame);
    }
    if (event.event === 'message') return;
    // Whom it concerns may be called otherwise from now on, as those whose account is closed.
    this.#replays.forget();
    this.revalidate(event.user.id);
  }

  #repair(): void {
    if (this.#repairing) return;
    this.#repairing = true;
    this.#readMissing().catch((error: unknown) => this.#hooks.onError(error));
  }

  async #readMissing(): Promise<void> {
    try {
      while (!this.isEmpty && this.#known > this.head) {
        const events = await this.#log.listEventsAfter(this.room, this.head, pageSize);
        for (const event of events) if (event.seq === this.head + 1) this.#deliver(event);
        if (events.length === 0) return;
      }
    } finally {
      // In the turn that found nothing missing: what is received a moment later must begin anew.
      this.#repairing = false;
    }
  }
}
