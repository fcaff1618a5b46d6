import type { Person } from '@parlour/protocol/events';
import type { Clock } from '../clock.ts';
import type { Pace } from '../pace.ts';
import type { Alarms } from './alarms.ts';
import type { Connection } from './connection.ts';
import type { HeartbeatTimes } from './heartbeat.ts';
import type { Outboxes } from './outbox.ts';
import type { CommandTable } from './peer.ts';

/** A token that was verified: whose it is, which grant it hangs on, and when it ends (ms since 1970). */
export type VerifiedToken = { sub: string; sid: string; expiresAt: number };
/** A grant that lives. */
export type LiveGrant = {
  user: Person;
  /** Whether more than reading may be done by it. */
  mayWrite: boolean;
  /** When it ends unless it is used before, and when it ends in any case (ms since 1970). */
  expiresAt: number;
  endsAt: number;
};

/** What every connection needs from the outside; sockets know no feature. */
export type ConnectionDeps = {
  clock: Clock;
  alarms: Alarms;
  outboxes: Outboxes;
  commands: CommandTable;
  heartbeat: HeartbeatTimes;
  /** Milliseconds until a connection must have authenticated. */
  handshakeTimeout: number;
  /** False turns the limits on speed off: for benchmarks only. */
  limitsSpeed: boolean;
  /** By which tokens are checked. */
  pace: Pace;
  /** Throws `not_authenticated`. */
  verifyToken(token: string): Promise<VerifiedToken>;
  findGrant(grantId: string): Promise<LiveGrant | undefined>;
  /** Whether the node may act on what it knows of logins (I7). */
  isTrusted(): boolean;
  /** Resolves when it may again. */
  whenTrusted(): Promise<void>;
  /** Whether the person may have no further connection here. */
  hasTooMany(userId: string): boolean;
  /** Called before a connection's grant is looked up: from here on no revocation can be missed. */
  onIdentify(connection: Connection): void;
  onEnd(connection: Connection): void;
  onError(error: unknown): void;
};
