import type { Peer } from './peer.ts';

/**
 * One socket's place in one room. `checking`: its right is being looked up, nothing is delivered. `replaying`: it is
 * being brought up from `cursor`. `live`: it gets events as they come. `ended`: it gets nothing more.
 */
export type SubscriptionState = 'checking' | 'replaying' | 'live' | 'ended';

export class Subscription {
  readonly peer: Peer;
  readonly room: string;
  state: SubscriptionState = 'checking';
  /** The last seq that was delivered, or passed over because the peer did not ask for it. */
  cursor = 0;
  /** Rises whenever it is served anew, so that an older replay of the same subscription stops. */
  round = 0;
  /** How many `join`s there were, and the latest of them that was answered with `joined`. */
  joins = 0;
  lastJoined = 0;
  /** How many `join`s look the right up at this moment. */
  lookUps = 0;
  /** Whether the right to it may have ended since it was looked up. */
  isDoubtful = false;
  /** Whether the peer itself gave it up. */
  wasLeft = false;
  /** Whether the person was shown as present because of it. */
  hasEntered = false;

  constructor(peer: Peer, room: string) {
    this.peer = peer;
    this.room = room;
  }
}
