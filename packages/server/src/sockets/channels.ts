import { ParlourError } from '@parlour/protocol/errors';
import type { Person, RoomEvent } from '@parlour/protocol/events';
import { limits } from '@parlour/protocol/limits';
import { Repeat } from '../repeat.ts';
import { Channel, type RoomLog } from './channel.ts';
import type { Peer } from './peer.ts';
import { type ReplayLog, Replays } from './replays.ts';
import { Subscription } from './subscription.ts';

const headCheckInterval = 1_000;
const headCheckChunk = 500;

export type ChannelsOptions = {
  log: RoomLog & ReplayLog & { readHeads(rooms: readonly string[]): Promise<Map<string, number>> };
  /** Why somebody who is no member may not join. */
  refuse(person: Person, room: string): Promise<ParlourError>;
  presence: {
    enter(room: string, person: Person): void;
    leave(room: string, person: Person): void;
    list(room: string, joining: Person): { members: Person[]; count: number };
  };
  /** What happens in the room on other nodes is wanted here from now on, or no longer. */
  watch(room: string): void;
  unwatch(room: string): void;
  onError(error: unknown): void;
};

/** The rooms that this node serves: those that one of its sockets has joined. */
export class Channels {
  readonly #options: ChannelsOptions;
  readonly #channels = new Map<string, Channel>();
  readonly #replays: Replays;
  readonly #headChecks: Repeat;

  constructor(options: ChannelsOptions) {
    this.#options = options;
    this.#replays = new Replays(options.log);
    this.#headChecks = new Repeat(headCheckInterval, () => this.checkHeads(), options.onError);
  }

  start(): void {
    this.#headChecks.start();
  }

  stop(): void {
    this.#headChecks.stop();
  }

  find(room: string): Channel | undefined {
    return this.#channels.get(room);
  }

  /**
   * Subscribes a socket to a room and brings it up from `after`, or makes it live from the head. Joining again starts
   * anew from `after`. Throws `room_not_found`, `not_a_member`, `too_many_rooms`.
   */
  async join(peer: Peer, room: string, after: number | undefined): Promise<void> {
    const channel = this.#open(room);
    const subscription = this.#subscribe(peer, channel);
    subscription.joins += 1;
    const number = subscription.joins;
    const head = await this.#findHead(channel, subscription, number);
    if (subscription.state === 'ended') {
      // Every join is answered, also one that was overtaken by the end of the right to it.
      if (subscription.wasLeft || !peer.isOpen) return;
      throw await this.#options.refuse(peer.user, room);
    }
    channel.noticeHead(head);
    const newest = Math.max(head, channel.head);
    if (!subscription.hasEntered) this.#options.presence.enter(room, peer.user);
    subscription.hasEntered = true;
    peer.deliver({ type: 'joined', room, seq: newest, ...this.#options.presence.list(room, peer.user) });
    // The database may answer in another order than it was asked in: what counts is what was asked for last.
    if (number < subscription.lastJoined) return;
    subscription.lastJoined = number;
    const lost = after !== undefined && (after > newest || newest - after > limits.replayEvents);
    if (lost) peer.deliver({ type: 'reset', room, seq: newest });
    subscription.cursor = lost ? newest : (after ?? newest);
    channel.begin(subscription, head);
  }

  /** Unsubscribes a socket; membership stays. */
  leave(peer: Peer, room: string): void {
    const subscription = peer.subscriptions.get(room);
    if (subscription === undefined) throw new ParlourError('not_joined', 'This socket has not joined that room.');
    subscription.wasLeft = true;
    this.#end(subscription);
    peer.deliver({ type: 'left', room });
  }

  /** Unsubscribes a socket that is gone from everything. */
  drop(peer: Peer): void {
    for (const subscription of [...peer.subscriptions.values()]) this.#end(subscription);
  }

  receive(event: RoomEvent): void {
    this.#channels.get(event.room)?.receive(event);
  }

  /** Somebody is called otherwise from now on, in what is replayed too. */
  forgetNames(): void {
    this.#replays.forget();
  }

  /** Finds events whose publication was lost (I11). */
  async checkHeads(rooms: readonly string[] = [...this.#channels.keys()]): Promise<void> {
    for (let from = 0; from < rooms.length; from += headCheckChunk) {
      const heads = await this.#options.log.readHeads(rooms.slice(from, from + headCheckChunk));
      for (const [room, head] of heads) this.#channels.get(room)?.noticeHead(head);
    }
  }

  #open(room: string): Channel {
    const found = this.#channels.get(room);
    if (found !== undefined) return found;
    const { log, onError } = this.#options;
    const onEnd = (subscription: Subscription) => this.#forget(channel, subscription);
    const channel = new Channel(room, log, this.#replays, { onEnd, onError });
    this.#channels.set(room, channel);
    this.#options.watch(room);
    return channel;
  }

  #subscribe(peer: Peer, channel: Channel): Subscription {
    const joined = peer.subscriptions.get(channel.room);
    if (joined !== undefined) return joined;
    if (peer.subscriptions.size >= limits.joinedRooms) {
      this.#closeIfEmpty(channel);
      throw new ParlourError('too_many_rooms', `One connection may join ${limits.joinedRooms} rooms.`);
    }
    const subscription = new Subscription(peer, channel.room);
    peer.subscriptions.set(channel.room, subscription);
    // Before the right is looked up: no ending can fall between the two.
    channel.register(subscription);
    return subscription;
  }

  async #findHead(channel: Channel, subscription: Subscription, number: number): Promise<number> {
    const { room, peer } = subscription;
    let head: number | undefined;
    subscription.lookUps += 1;
    try {
      head = await this.#options.log.findHead(room, peer.user.id);
    } finally {
      subscription.lookUps -= 1;
      // Whoever asked again meanwhile gets an answer of their own, or has got it.
      const isLast = subscription.lookUps === 0 && number > subscription.lastJoined;
      if (head === undefined && isLast) channel.end(subscription);
    }
    if (head === undefined) throw await this.#options.refuse(peer.user, room);
    return head;
  }

  #end(subscription: Subscription): void {
    this.#channels.get(subscription.room)?.end(subscription);
  }

  #forget(channel: Channel, subscription: Subscription): void {
    const { peer, room } = subscription;
    peer.subscriptions.delete(room);
    if (subscription.hasEntered) this.#options.presence.leave(room, peer.user);
    this.#closeIfEmpty(channel);
  }

  #closeIfEmpty(channel: Channel): void {
    if (channel.isEmpty && this.#channels.delete(channel.room)) this.#options.unwatch(channel.room);
  }
}
