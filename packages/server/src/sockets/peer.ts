import type { CommandOf, CommandType } from '@parlour/protocol/commands';
import type { Person } from '@parlour/protocol/events';
import type { ServerFrame } from '@parlour/protocol/frames';
import type { Subscription } from './subscription.ts';

/**
 * The order of one connection's writes. When storage fails for one, those already waiting behind it fail too (I2);
 * what comes after the failure was told belongs to a new turn.
 */
export type Lane = { readonly number: number; turn: number };

/** An authenticated connection as a command handler sees it. */
export type Peer = {
  readonly user: Person;
  readonly grantId: string;
  readonly lane: Lane;
  deliver(frame: ServerFrame): void;
  /** Delivers a frame that was encoded once for many peers. */
  deliverShared(frame: Buffer): void;
  /** Resolves when the peer has read most of what it was sent, or is gone. */
  drained(): Promise<void>;
  /** Whether it has. */
  readonly isDrained: boolean;
  /** Resolves when nobody else reads from the log for this peer. The turn lasts until the given function is called. */
  takeTurn(): Promise<() => void>;
  readonly isOpen: boolean;
  /** Gives the connection up because of a fault of the server's. */
  fail(): void;
  /** The rooms that this socket has joined, or is joining. */
  readonly subscriptions: Subscriptions;
};

/** What a `Map` by room is, too. */
export type Subscriptions = {
  readonly size: number;
  has(room: string): boolean;
  get(room: string): Subscription | undefined;
  set(room: string, subscription: Subscription): unknown;
  delete(room: string): boolean;
  values(): Iterable<Subscription>;
};

export type PeerCommand = Exclude<CommandType, 'authenticate' | 'ping'>;
/** What a socket may ask for. Each feature hands its rows in; a handler that throws a ParlourError answers with `error`. */
export type CommandTable = {
  [T in PeerCommand]: (peer: Peer, command: CommandOf<T>) => Promise<void>;
};
