import { type RevocationReason, shouldReconnect } from '@parlour/protocol/close-codes';
import type { Command } from '@parlour/protocol/commands';
import { ParlourError } from '@parlour/protocol/errors';
import type { Person } from '@parlour/protocol/events';
import type { AuthenticatedFrame, PongFrame, ServerFrame } from '@parlour/protocol/frames';
import { limits } from '@parlour/protocol/limits';
import { AnswerWatch } from './answer-watch.ts';
import { Backoff, type RetryOptions } from './backoff.ts';
import { explainClose, findCloseDelay, findRevocation } from './close-reason.ts';
import type { ConnectionState } from './connection-state.ts';
import type { Environment } from './environment.ts';
import type { HttpApi } from './http-api.ts';
import { LiveSocket } from './live-socket.ts';
import { type FreshToken, fetchTicket, fetchToken } from './passes.ts';
import { Renewal } from './renewal.ts';
import { SendPace } from './send-pace.ts';
import { SilenceWatch } from './silence-watch.ts';
import { findWebSocket, type WebSocketClass } from './web-socket.ts';

/** For the socket to open, in milliseconds: a node that stopped or stands still may have swallowed the upgrade. */
const upgradePatience = 5_000;
/** After a renewal that failed for an outage. */
const renewalRetry = 5_000;

export type ConnectionParts = {
  origin: string;
  api: HttpApi;
  WebSocket: WebSocketClass | undefined;
  environment: Environment;
  retry: RetryOptions | undefined;
};

export type ConnectionHandlers = {
  /** Whoever heard of the cut may have closed or connected in the same moment: then this state is past already. */
  changed(state: ConnectionState): void;
  /** Who it is: before anybody hears that it is ready. */
  known(user: Person): void;
  ready(): void;
  cut(): void;
  received(frame: Exclude<ServerFrame, AuthenticatedFrame | PongFrame>): void;
};

/**
 * Keeps one authenticated socket alive: ticket, token, handshake, renewal, and coming back. An outage never signs
 * anyone out (fault 23); only the server's word does.
 *
 * It is longer than most files since it is one state machine: each part with a life of its own has its own file.
 */
export class Connection {
  readonly #parts: ConnectionParts;
  readonly #handlers: ConnectionHandlers;
  readonly #backoff: Backoff;
  readonly #renewal: Renewal;
  readonly #answers: AnswerWatch;
  readonly #pace: SendPace;
  readonly #silence: SilenceWatch;
  #state: ConnectionState = { name: 'idle', attempt: 0 };
  #socket: LiveSocket | undefined;
  #token: FreshToken | undefined;
  /** When the server wants to be asked again, at the earliest. */
  #notBefore = 0;
  #isStarted = false;
  #WebSocket: WebSocketClass | undefined;
  #attempt = new AbortController();
  #cancelTimer: (() => void) | undefined;
  #stopListening: (() => void)[] = [];

  constructor(parts: ConnectionParts, handlers: ConnectionHandlers) {
    this.#parts = parts;
    this.#handlers = handlers;
    this.#backoff = new Backoff(parts.environment.random, parts.retry);
    this.#renewal = new Renewal(parts.environment, () => void this.#renew());
    this.#pace = new SendPace(parts.environment);
    this.#answers = new AnswerWatch(parts.environment, () => this.#cut('The server does not answer.'));
    this.#silence = new SilenceWatch(parts.environment, () => this.#askForSign());
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Throws where the runtime has no WebSocket and none was given. */
  connect(): void {
    this.#WebSocket = findWebSocket(this.#parts.WebSocket);
    if (!this.#isStarted) this.#begin();
    else if (this.#state.name === 'ready' || this.#state.name === 'connecting') return;
    void this.#try();
  }

  close(): void {
    this.#isStarted = false;
    for (const stop of this.#stopListening) stop();
    this.#stopListening = [];
    this.#release();
    this.#backoff.reset();
    this.#become({ name: 'idle', attempt: 0 });
  }

  /** With `answer`, one must come under that name before long, or the connection counts as dead. */
  send(command: Command, answer?: string): void {
    if (this.#state.name !== 'ready') return;
    this.#pace.send(() => {
      if (answer !== undefined) this.#answers.expect(answer);
      this.#socket?.send(command);
    });
  }

  answered(what: string): void {
    this.#answers.answered(what);
  }

  #begin(): void {
    this.#isStarted = true;
    const { environment } = this.#parts;
    this.#stopListening = [
      environment.on('online', () => this.#tryEarly()),
      environment.on('offline', () => this.#wentOffline()),
      environment.on('visible', () => this.#cameToFront()),
    ];
  }

  #wentOffline(): void {
    if (this.#state.name === 'ready' || this.#state.name === 'connecting') this.#cut('This device is offline.');
  }

  #cameToFront(): void {
    if (this.#silence.silence > limits.heartbeatTimeout) this.#renewal.now();
    else this.#renewal.check();
    this.#tryEarly();
  }

  /** It may work again, but a server that said when to come back is not asked before (P-CLOSE-5). */
  #tryEarly(): void {
    const { name, retryAt } = this.#state;
    const isDue = this.#parts.environment.now() >= this.#notBefore;
    if (name === 'offline' && retryAt !== undefined && isDue) void this.#try();
  }

  /** One attempt, with a ticket and a token of its own. */
  async #try(): Promise<void> {
    this.#release();
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.#change({ name: 'connecting', attempt: this.#backoff.failures + 1 });
    if (attempt.signal.aborted) return;
    try {
      const { api, environment } = this.#parts;
      const [ticket, token] = await Promise.all([
        fetchTicket(api, attempt.signal),
        fetchToken(api, environment.now, attempt.signal),
      ]);
      if (!attempt.signal.aborted) this.#open(ticket, token);
    } catch (error) {
      if (!attempt.signal.aborted) this.#refused(error);
    }
  }

  #open(ticket: string, token: FreshToken): void {
    const { origin, environment } = this.#parts;
    if (!this.#WebSocket) return;
    this.#cancelTimer = environment.after(upgradePatience, () => this.#cut('The server does not answer.'));
    this.#socket = new LiveSocket(this.#WebSocket, origin, ticket, {
      opened: () => {
        this.#cancelTimer?.();
        this.#authenticate(token);
      },
      received: (frame) => this.#receive(frame),
      closed: (code, reason) => this.#closed(code, reason),
    });
  }

  #authenticate(token: FreshToken): void {
    this.#token = token;
    this.#socket?.send({ type: 'authenticate', token: token.token });
    this.#answers.expect('authenticate');
  }

  #askForSign(): void {
    this.#socket?.send({ type: 'ping' });
    this.#answers.expect('pong');
  }

  #receive(frame: ServerFrame): void {
    this.#silence.heard();
    // Whatever comes is a sign of life: it may stand before the answer, or be that of a server which does not know `ping` yet.
    this.#answers.answered('pong');
    if (frame.type === 'authenticated') this.#authenticated(frame.user);
    else if (frame.type !== 'pong') this.#handlers.received(frame);
  }

  #authenticated(user: Person): void {
    this.answered('authenticate');
    const now = this.#parts.environment.now();
    this.#renewal.start((this.#token?.endsAt ?? now) - now);
    this.#token = undefined;
    this.#backoff.reset();
    if (this.#state.name === 'ready') return;
    this.#handlers.known(user);
    if (!this.#socket) return;
    this.#pace.start();
    this.#silence.start();
    this.#change({ name: 'ready', attempt: 0 });
    if (this.#socket) this.#handlers.ready();
  }

  /** Takes a fresh token to the live socket, which moves its deadline; nothing is attached twice (fault 13). */
  async #renew(): Promise<void> {
    const { signal } = this.#attempt;
    try {
      const token = await fetchToken(this.#parts.api, this.#parts.environment.now, signal);
      if (signal.aborted) return;
      this.#authenticate(token);
    } catch (error) {
      if (signal.aborted) return;
      if (isSignedOut(error)) this.#signOut(error.message);
      else this.#renewal.postpone(renewalRetry);
    }
  }

  #closed(code: number, reason: string): void {
    const sentence = explainClose(code, reason);
    const revocation = findRevocation(code, reason);
    if (revocation !== undefined) this.#signOut(sentence, revocation);
    else if (shouldReconnect(code)) this.#cut(sentence, findCloseDelay(code, reason));
    else this.#giveUp(sentence);
  }

  #refused(error: unknown): void {
    if (isSignedOut(error)) this.#signOut(error.message);
    else if (error instanceof ParlourError) this.#cut(error.message, (error.retryAfter ?? 0) * 1000);
    else this.#cut('Connecting failed.');
  }

  /** Not connected now, and another attempt when its time comes. */
  #cut(reason: string, minimum = 0): void {
    this.#release();
    const attempt = this.#backoff.failures + 1;
    if (this.#backoff.exhausted) {
      this.#giveUp(reason);
      return;
    }
    const delay = this.#backoff.next(minimum);
    const now = this.#parts.environment.now();
    this.#notBefore = now + minimum;
    this.#cancelTimer = this.#parts.environment.after(delay, () => void this.#try());
    this.#change({ name: 'offline', reason, attempt, retryAt: now + delay });
  }

  #giveUp(reason: string): void {
    this.#release();
    this.#change({ name: 'offline', reason, attempt: this.#backoff.failures });
  }

  #signOut(reason: string, revocation?: RevocationReason): void {
    this.#release();
    this.#change({ name: 'signed-out', reason, attempt: 0, ...(revocation === undefined ? {} : { revocation }) });
  }

  /** Lets go of whatever the last attempt holds. */
  #release(): void {
    this.#attempt.abort();
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#renewal.stop();
    this.#answers.clear();
    this.#pace.stop();
    this.#silence.stop();
    this.#socket?.drop();
    this.#socket = undefined;
    this.#token = undefined;
  }

  #change(state: ConnectionState): void {
    this.#become(state);
    this.#handlers.changed(state);
  }

  #become(state: ConnectionState): void {
    const wasReady = this.#state.name === 'ready';
    this.#state = state;
    if (wasReady) this.#handlers.cut();
  }
}

function isSignedOut(error: unknown): error is ParlourError {
  return error instanceof ParlourError && error.status === 401;
}
