import {
  type Command,
  type CommandType,
  isMalformed,
  type MalformedCommand,
  parseCommand,
} from '@parlour/protocol/commands';
import { ParlourError } from '@parlour/protocol/errors';
import { authenticateConnection } from './authenticate-connection.ts';
import type { Connection } from './connection.ts';
import type { ConnectionDeps } from './connection-deps.ts';
import type { ConnectionSocket } from './connection-socket.ts';
import { FrameLimits } from './frame-limits.ts';
import type { PeerCommand } from './peer.ts';

/** Commands of one peer that may be under way; then it is not read any more until some are done (I9). */
const underWayMaximum = 256;
/** What a grant for reading may ask for; whatever else there is writes. */
const readingCommands: ReadonlySet<CommandType> = new Set(['join', 'leave']);

/**
 * Reads one peer's frames in order: checks, limits, and hands each command to its feature. What only somebody who speaks
 * needs is made when they do.
 */
export class CommandReader {
  readonly #deps: ConnectionDeps;
  readonly #connection: Connection;
  readonly #ws: ConnectionSocket;
  #limits: FrameLimits | undefined;
  #held: string[] | undefined;
  #awaitsTrust = false;
  #underWay = 0;
  /** Authentications that are being checked. */
  #checks = 0;
  #renewals: Promise<void> | undefined;

  constructor(deps: ConnectionDeps, connection: Connection, ws: ConnectionSocket) {
    this.#deps = deps;
    this.#connection = connection;
    this.#ws = ws;
  }

  stop(): void {
    this.#held = undefined;
  }

  /** Called now and then: what has grown back need not be kept. */
  forget(): void {
    if (this.#limits?.isFull()) this.#limits = undefined;
  }

  receive(data: Buffer, isBinary: boolean): void {
    if (!this.#connection.isOpen) return;
    if (isBinary) {
      this.#connection.close('unsupportedData');
      return;
    }
    const text = data.toString();
    if (this.#held === undefined && this.#mayTake()) this.#read(text);
    else this.#hold(text);
  }

  /**
   * A peer with too much under way waits, and so does everybody while the node cannot know who was revoked (I7, I9).
   * What follows a renewal waits for its outcome: a token that does not hold must not be followed by a commit.
   */
  #mayTake(): boolean {
    if (this.#underWay >= underWayMaximum) return false;
    if (this.#checks > 0 && this.#connection.isAuthenticated) return false;
    if (this.#deps.isTrusted()) return true;
    this.#awaitTrust();
    return false;
  }

  /** What the library had read already waits here, everything behind it in the kernel. */
  #hold(text: string): void {
    this.#held ??= [];
    this.#held.push(text);
    this.#ws.pause();
  }

  #takeHeld(): void {
    while (this.#held !== undefined && this.#mayTake()) {
      const text = this.#held.shift() ?? '';
      if (this.#held.length === 0) this.#held = undefined;
      this.#read(text);
    }
    if (this.#held === undefined) this.#ws.resume();
  }

  #awaitTrust(): void {
    if (this.#awaitsTrust) return;
    this.#awaitsTrust = true;
    this.#deps
      .whenTrusted()
      .then(() => {
        this.#awaitsTrust = false;
        this.#takeHeld();
      })
      .catch(this.#deps.onError);
  }

  /** Whatever goes wrong with a frame is its sender's trouble and never the process's (fault 10). */
  #read(text: string): void {
    try {
      this.#take(text);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#deps.onError(error);
    this.#connection.fail();
  }

  #take(text: string): void {
    const connection = this.#connection;
    if (!connection.isOpen) return;
    if (connection.isAuthenticated && connection.closeIfExpired()) return;
    const parsed = parseCommand(text);
    if (isMalformed(parsed)) this.#refuseMalformed(parsed);
    else if (!this.#isWithinSpeed(parsed)) return;
    else if (parsed.type === 'authenticate') this.#authenticate(parsed.token);
    else if (!connection.isAuthenticated) connection.close('notAuthenticated');
    else if (parsed.type === 'ping') connection.deliver({ type: 'pong' });
    else if (connection.mayWrite || readingCommands.has(parsed.type)) this.#run(parsed);
    else this.#refuse(parsed, beyondScope());
  }

  #refuseMalformed({ malformed, field, id }: MalformedCommand): void {
    if (!this.#connection.isAuthenticated || this.#counts.isTooMalformed()) {
      this.#connection.close('malformed', malformed);
      return;
    }
    this.#connection.deliver({
      type: 'error',
      code: 'malformed',
      detail: malformed,
      ...(id === undefined ? {} : { id }),
      ...(field === undefined ? {} : { field }),
    });
  }

  get #counts(): FrameLimits {
    this.#limits ??= new FrameLimits(this.#deps.clock);
    return this.#limits;
  }

  #isWithinSpeed(command: Command): boolean {
    if (!this.#deps.limitsSpeed) return true;
    // A reconnect joins every room again at once, so joins have a measure of their own.
    const wait = command.type === 'join' ? this.#counts.takeJoin() : this.#counts.takeFrame();
    if (wait === 0) return true;
    if (this.#connection.isAuthenticated) this.#refuse(command, tooFast(wait));
    else this.#connection.close('tooFast');
    return false;
  }

  /** One after another: a second frame while the first is being checked is a renewal, never a second login (fault 13). */
  #authenticate(token: string): void {
    this.#checks += 1;
    this.#renewals = (this.#renewals ?? Promise.resolve())
      .then(() => authenticateConnection(this.#deps, this.#connection, token))
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#checks -= 1;
        if (this.#checks === 0) this.#renewals = undefined;
        this.#takeHeld();
      });
  }

  #run(command: Extract<Command, { type: PeerCommand }>): void {
    this.#underWay += 1;
    const handle = this.#deps.commands[command.type] as (peer: Connection, command: Command) => Promise<void>;
    // Called at once, so that commands reach their feature in the order they came.
    handle(this.#connection, command)
      .catch((error: unknown) => this.#refuse(command, error))
      .then(
        () => this.#finish(),
        (error: unknown) => this.#fail(error),
      );
  }

  #finish(): void {
    this.#underWay -= 1;
    if (this.#held !== undefined && this.#underWay <= underWayMaximum / 2) this.#takeHeld();
  }

  #refuse(command: Command, error: unknown): void {
    const refusal = error instanceof ParlourError ? error : this.#toInternal(error);
    this.#connection.deliver({
      type: 'error',
      ...('id' in command ? { id: command.id } : {}),
      ...('room' in command ? { room: command.room } : {}),
      ...(refusal.field === undefined ? {} : { field: refusal.field }),
      code: refusal.code,
      detail: refusal.message,
      ...(refusal.retryAfter === undefined ? {} : { retryAfter: refusal.retryAfter }),
    });
    if (refusal.code === 'rate_limited' && this.#counts.isTooFast()) this.#connection.close('tooFast');
  }

  #toInternal(error: unknown): ParlourError {
    this.#deps.onError(error);
    return new ParlourError('internal', 'Something went wrong here. Please try again.', { retryAfter: 1 });
  }

  /** Answered within the same limit as frames: each answer waits in memory until the peer reads it. */
  answerPing(data: Buffer): void {
    if (!this.#connection.isOpen) return;
    if (this.#deps.limitsSpeed && this.#counts.takeFrame() > 0) this.#connection.close('tooFast');
    else this.#connection.answerPing(data);
  }
}

function beyondScope(): ParlourError {
  return new ParlourError('insufficient_scope', 'This takes an access token with the scope “write”.');
}

function tooFast(wait: number): ParlourError {
  const retryAfter = Math.ceil(wait * 10) / 10;
  return new ParlourError('rate_limited', `Too many at once. Try again in ${retryAfter} s.`, { retryAfter });
}
