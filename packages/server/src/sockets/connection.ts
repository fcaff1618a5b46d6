import type { Socket } from 'node:net';
import { type CloseName, closeCodes, type RevocationReason } from '@parlour/protocol/close-codes';
import type { Person } from '@parlour/protocol/events';
import type { ServerFrame } from '@parlour/protocol/frames';
import { limits } from '@parlour/protocol/limits';
import { SmallMap } from '../small-map.ts';
import { CommandReader } from './command-reader.ts';
import type { ConnectionDeps, LiveGrant } from './connection-deps.ts';
import type { ConnectionSocket, SocketListener } from './connection-socket.ts';
import { Heartbeat, type HeartbeatOwner } from './heartbeat.ts';
import { Outbox, type OutboxOwner } from './outbox.ts';
import type { Lane, Peer, Subscriptions } from './peer.ts';
import { encodeFrame } from './shared-frame.ts';
import { encodeControl, pong } from './small-frame.ts';
import type { Subscription } from './subscription.ts';

/** After a close frame was sent, the peer has this many milliseconds to answer it; less where its login has ended. */
const closeGrace = 1_000;
const revokedGrace = 200;
/** A close frame holds at most 125 bytes, two of them the code (RFC 6455, section 5.5). */
const reasonBytes = 123;
let lastNumber = 0;

/** What the ticket of the upgrade was bound to: the token must name the same. */
export type TicketHolder = { grantId: string; userId: string };

/** One socket's life, from the upgrade to the close. It delivers nothing before authentication and nothing after the end. */
export class Connection implements Peer, SocketListener, HeartbeatOwner, OutboxOwner {
  readonly grantId: string;
  readonly userId: string;
  readonly subscriptions: Subscriptions = new SmallMap<string, Subscription>();
  readonly #deps: ConnectionDeps;
  readonly #ws: ConnectionSocket;
  readonly #socket: Socket;
  readonly #outbox: Outbox;
  readonly #heartbeat: Heartbeat;
  readonly #reader: CommandReader;
  #user: Person | undefined;
  /** What the person was renamed to since the last look-up of the grant began. */
  #newName: string | undefined;
  #mayWrite = false;
  #lane: Lane | undefined;
  /** Until it is authenticated by the clock that always goes on, later by the wall's. */
  #expiresAt: number;
  #endsAt = Number.POSITIVE_INFINITY;
  #isOpen = true;
  /** Since the last ping. */
  #pongs = 0;
  #turn: Promise<void> | undefined;

  constructor(deps: ConnectionDeps, ws: ConnectionSocket, socket: Socket, { grantId, userId }: TicketHolder) {
    this.#deps = deps;
    this.#ws = ws;
    this.#socket = socket;
    this.grantId = grantId;
    this.userId = userId;
    this.#outbox = new Outbox({ socket, outboxes: deps.outboxes, owner: this });
    this.#heartbeat = new Heartbeat(deps.alarms, this, deps.heartbeat);
    this.#reader = new CommandReader(deps, this, ws);
    this.#expiresAt = performance.now() + deps.handshakeTimeout;
    ws.listener = this;
    this.#heartbeat.watch();
  }

  get lane(): Lane {
    this.#lane ??= { number: ++lastNumber, turn: 1 };
    return this.#lane;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get isAuthenticated(): boolean {
    return this.#user !== undefined;
  }

  get user(): Person {
    if (this.#user === undefined) throw new Error('the connection is not authenticated');
    return this.#user;
  }

  /** What the grant may be used for, as the last look at it showed. */
  get mayWrite(): boolean {
    return this.#mayWrite;
  }

  /** To be called before the grant is looked up: a new name that is told after this is newer than what is found. */
  awaitGrant(): void {
    this.#newName = undefined;
  }

  /** Lets the connection speak until `expiresAt`; called again for each renewal, which only moves the deadline. */
  authenticate({ user: found, mayWrite, endsAt }: LiveGrant, expiresAt: number): void {
    if (!this.#isOpen) return;
    const user = this.#newName === undefined ? found : { ...found, name: this.#newName };
    this.#user = user;
    this.#mayWrite = mayWrite;
    this.#expiresAt = expiresAt;
    this.#endsAt = endsAt;
    this.#heartbeat.watch();
    this.deliver({ type: 'authenticated', user, expiresAt: new Date(expiresAt).toISOString() });
  }

  /** The person's new name, for what they send from now on. */
  rename(name: string): void {
    this.#newName = name;
    if (this.#user !== undefined) this.#user = { ...this.#user, name };
  }

  deliver(frame: ServerFrame): void {
    this.deliverShared(encodeFrame(frame));
  }

  deliverShared(frame: Buffer): void {
    if (this.#isOpen && this.#user !== undefined) this.#outbox.push(frame);
  }

  /** Answers count as not read too (I9), and those that would wait do so with what is delivered. */
  answerPing(data: Buffer): void {
    if (this.#outbox.isClear) this.#ws.pong(data);
    else this.#outbox.push(encodeControl(pong, data));
  }

  /** Bytes that wait for the peer to read. */
  get unread(): number {
    return this.#outbox.bytes;
  }

  get isDrained(): boolean {
    return this.#outbox.isDrained;
  }

  drained(): Promise<void> {
    return this.#outbox.drained();
  }

  async takeTurn(): Promise<() => void> {
    const before = this.#turn;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#turn = promise;
    await before;
    return () => {
      if (this.#turn === promise) this.#turn = undefined;
      resolve();
    };
  }

  fail(): void {
    this.close('internal');
  }

  /** Ends the connection: from this call on it delivers and does nothing more, whatever the peer makes of the close frame. */
  close(name: CloseName, reason?: string): void {
    if (!this.#isOpen) return;
    const { isClear } = this.#outbox;
    const { code, meaning } = closeCodes[name];
    this.#end();
    // Behind a backlog the close frame would come after everything that was sent: then trust ends by cutting.
    if (name === 'revoked' && !isClear) {
      this.#cut();
      return;
    }
    this.#ws.close(code, clip(reason ?? meaning));
    setTimeout(() => this.#cut(), name === 'revoked' ? revokedGrace : closeGrace).unref();
  }

  /** Lets nothing go out that the kernel has not sent yet. */
  #cut(): void {
    const { writableEnded, writableFinished } = this.#socket;
    // Where the peer has ended its half, ours is about to end too; libuv does not reset that, and Node then never closes it.
    if (writableEnded && !writableFinished) this.#socket.destroy();
    else this.#socket.resetAndDestroy();
  }

  onMessage(data: Buffer, isBinary: boolean): void {
    this.#heartbeat.hear();
    this.#reader.receive(data, isBinary);
  }

  onPing(data: Buffer): void {
    this.#heartbeat.hear();
    this.#reader.answerPing(data);
  }

  onPong(): void {
    this.#heartbeat.hear();
    this.#pongs += 1;
    // Between the pieces of a message they would make of each piece as much as is read at once (I9).
    if (this.#deps.limitsSpeed && this.#pongs > limits.frameBurst) this.close('tooFast');
  }

  onEnd(): void {
    this.#end();
  }

  ping(): void {
    this.#pongs = 0;
    this.#ws.ping();
    this.#reader.forget();
  }

  giveUp(): void {
    this.#end();
    this.#socket.destroy();
  }

  onOverflow(): void {
    this.close('tooSlow');
  }

  closeIfOver(): number {
    const isAuthenticated = this.#user !== undefined;
    const left = this.#expiresAt - (isAuthenticated ? this.#deps.clock.now() : performance.now());
    if (left <= 0) {
      if (isAuthenticated) this.closeIfExpired();
      else this.close('handshakeTimeout');
    }
    return left;
  }

  /** Closes the connection if its token has ended, and says so where the login itself has. */
  closeIfExpired(): boolean {
    const now = this.#deps.clock.now();
    if (now < this.#expiresAt) return false;
    if (now >= this.#endsAt) this.close('revoked', 'expired' satisfies RevocationReason);
    else this.close('notAuthenticated');
    return true;
  }

  #end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#heartbeat.stop();
    this.#outbox.close();
    this.#reader.stop();
    this.#deps.onEnd(this);
  }
}

function clip(reason: string): string {
  const bytes = Buffer.from(reason);
  // A character that was cut in half becomes U+FFFD, which is as long as the longest half.
  return bytes.length <= reasonBytes ? reason : bytes.subarray(0, reasonBytes - 3).toString();
}
