import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { type RevocationReason, revocationReasons } from '@parlour/protocol/close-codes';
import { limits } from '@parlour/protocol/limits';
import { Alarms } from './alarms.ts';
import { Connection } from './connection.ts';
import type { ConnectionDeps } from './connection-deps.ts';
import { Connections } from './connections.ts';
import type { HeartbeatTimes } from './heartbeat.ts';
import { Outboxes } from './outbox.ts';
import { type Revocation, RevocationReader, type RevocationSource } from './revocation-reader.ts';
import { type UpgradeOptions, Upgrades } from './upgrade.ts';

export type SocketServerOptions = Pick<
  ConnectionDeps,
  'clock' | 'handshakeTimeout' | 'limitsSpeed' | 'pace' | 'verifyToken' | 'findGrant' | 'onError'
> &
  Pick<UpgradeOptions, 'pace' | 'useTicket' | 'allowsOrigin' | 'countUpgrade' | 'onRefused'> & {
    /** Late, because commands know the connections and these the commands. */
    commands(): ConnectionDeps['commands'];
    revocations: RevocationSource;
    heartbeat?: HeartbeatTimes;
    /** The person's first socket here, and the end of the last. */
    onPersonEnter(user: string): void;
    onPersonLeave(user: string): void;
    /** A connection is gone: it must leave every room. */
    onEnd(connection: Connection): void;
    /** Somebody's membership of a room may have ended. */
    onMembershipEnded(user: string, room: string): void;
    /** Somebody may do more or less in the house from now on. */
    onRoleChanged(user: string, role: string): void;
  };

/** Sockets, and the milliseconds between them: a thousand are gone within half a second, and any number within five. */
const drainGroup = 50;
const drainInterval = 25;
const drainGroups = 200;
/** Within how many seconds they are asked to come back. */
const longestSpread = 5;
const returnsASecond = 1_000;

/** The sockets of this node: upgrades, live connections, and the trust that they hang on. */
export class SocketServer {
  readonly connections = new Connections();
  readonly #options: SocketServerOptions;
  readonly #outboxes: Outboxes;
  readonly #alarms: Alarms;
  readonly #reader: RevocationReader;
  readonly #upgrades: Upgrades;
  #waitingForTrust: (() => void)[] = [];
  #isStopping = false;

  constructor(options: SocketServerOptions) {
    this.#options = options;
    this.#reader = new RevocationReader({
      log: options.revocations,
      apply: (revocation) => this.#apply(revocation),
      onFresh: () => this.#release(),
      onDead: () => this.#closeAll(),
      onError: options.onError,
    });
    this.#outboxes = new Outboxes({ mayDeliver: () => this.#reader.isFresh });
    this.#alarms = new Alarms(options.onError);
    const deps = this.#connectionDeps();
    this.#upgrades = new Upgrades({
      ...options,
      isTaking: () => !this.#isStopping && this.#reader.isFresh,
      onOpen: (ws, socket, holder) => this.connections.greet(new Connection(deps, ws, socket, holder)),
    });
  }

  /** Why this node takes no sockets, as a sentence. */
  get fault(): string | undefined {
    if (this.#isStopping) return 'This node is stopping.';
    return this.#reader.isFresh ? undefined : 'The revocation log cannot be read.';
  }

  start(): Promise<void> {
    return this.#reader.start();
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#upgrades.handle(request, socket, head);
  }

  /** For whoever has just ended a login or a membership: do not wait for the next beat. */
  hurryRevocations(): void {
    this.#reader.hurry();
  }

  /**
   * Takes no new socket and closes every other with 1012, so that clients come back and resume: some at a time, because
   * each asks another node, or this one once it is back, for a ticket, a token and what it missed.
   */
  async drain(): Promise<void> {
    this.#isStopping = true;
    const connections = this.connections.all();
    const group = Math.max(drainGroup, Math.ceil(connections.length / drainGroups));
    for (const [index, connection] of connections.entries()) {
      if (index % group === group - 1) await wait(drainInterval);
      connection.close('restarting', this.#whenToComeBack(connections.length));
    }
  }

  /** Seconds, different for each: those whom a node leaves to the others come one by one. */
  #whenToComeBack(count: number): string {
    return (Math.random() * Math.min(longestSpread, count / returnsASecond)).toFixed(1);
  }

  async stop(): Promise<void> {
    await this.drain();
    await this.#reader.stop();
    this.#closeAll();
    this.#outboxes.close();
    this.#alarms.close();
  }

  #connectionDeps(): ConnectionDeps {
    const options = this.#options;
    return {
      ...options,
      get commands() {
        return options.commands();
      },
      heartbeat: options.heartbeat ?? limits,
      alarms: this.#alarms,
      outboxes: this.#outboxes,
      isTrusted: () => this.#reader.isFresh,
      whenTrusted: () => new Promise((resolve) => this.#waitingForTrust.push(resolve)),
      // Each holds memory and is pinged, so one login must not be able to fill a node (I9).
      hasTooMany: (userId) => options.limitsSpeed && this.connections.countOf(userId) >= limits.socketsAPerson,
      onIdentify: (connection) => this.#identify(connection),
      onEnd: (connection) => this.#end(connection),
    };
  }

  #identify(connection: Connection): void {
    const isFirst = !this.connections.hasUser(connection.userId);
    this.connections.add(connection);
    if (isFirst) this.#options.onPersonEnter(connection.userId);
  }

  #end(connection: Connection): void {
    const wasKnown = this.connections.hasUser(connection.userId);
    this.connections.delete(connection);
    this.#options.onEnd(connection);
    if (wasKnown && !this.connections.hasUser(connection.userId)) this.#options.onPersonLeave(connection.userId);
  }

  #apply(revocation: Revocation): void {
    if (revocation.kind === 'membership') {
      if (!this.#reader.isFresh) this.#dropHeld(revocation.user, revocation.room);
      this.#options.onMembershipEnded(revocation.user, revocation.room);
      return;
    }
    if (revocation.kind === 'role') {
      this.#options.onRoleChanged(revocation.user, revocation.role);
      return;
    }
    const reason = isKnown(revocation.reason) ? revocation.reason : 'session_ended';
    for (const connection of this.connections.ofGrant(revocation.grantId)) connection.close('revoked', reason);
  }

  /** What was held until now may tell of the room after the membership's end: those sockets come back and resume. */
  #dropHeld(user: string, room: string): void {
    for (const connection of this.connections.ofUser(user))
      if (connection.subscriptions.has(room)) connection.close('restarting');
  }

  #release(): void {
    this.#outboxes.flush();
    const waiting = this.#waitingForTrust;
    this.#waitingForTrust = [];
    for (const resolve of waiting) resolve();
  }

  #closeAll(): void {
    for (const connection of this.connections.all()) connection.close('restarting');
  }
}

function isKnown(reason: string): reason is RevocationReason {
  return Object.hasOwn(revocationReasons, reason);
}
