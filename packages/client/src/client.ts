import { keepsUnsent } from '@parlour/protocol/close-codes';
import { isErrorCode, ParlourError } from '@parlour/protocol/errors';
import type { Person, RoomEvent } from '@parlour/protocol/events';
import type { AuthenticatedFrame, ErrorFrame, PongFrame, SelfFrame, ServerFrame } from '@parlour/protocol/frames';
import type { Page } from '@parlour/protocol/paging';
import { type ClientOptions, findOrigin } from './client-options.ts';
import { Connection } from './connection/connection.ts';
import type { ConnectionState } from './connection/connection-state.ts';
import { hostEnvironment } from './connection/environment.ts';
import { HttpApi } from './connection/http-api.ts';
import { Listeners } from './listeners.ts';
import { OutboxShelf } from './messages/outbox-shelf.ts';
import { findStorage } from './messages/outbox-storage.ts';
import { LiveRoom } from './rooms/live-room.ts';
import type { RoomLink } from './rooms/room-link.ts';
import type { RoomOptions } from './rooms/room-snapshot.ts';
import type { RoomView } from './rooms/room-view.ts';

export type { ErrorCode } from '@parlour/protocol/errors';
export type { MemberEvent, MessageEvent, Person, RoomEvent } from '@parlour/protocol/events';
export type { SelfFrame } from '@parlour/protocol/frames';
export type { ClientOptions } from './client-options.ts';
export type { RetryOptions } from './connection/backoff.ts';
export type { ConnectionName, ConnectionState } from './connection/connection-state.ts';
export type { Environment } from './connection/environment.ts';
export type { WebSocketClass, WebSocketLike } from './connection/web-socket.ts';
export type { OutboxStorage } from './messages/outbox-storage.ts';
export type { PendingMessage } from './messages/pending-message.ts';
export type { RoomOptions, RoomSnapshot, RoomState } from './rooms/room-snapshot.ts';
export type { RoomView } from './rooms/room-view.ts';
export { ParlourError };

/** What a client tells: its connection, what concerns the person elsewhere, and refusals that no room answers for. */
export type ClientEvents = { state: ConnectionState; self: SelfFrame; error: ParlourError };

/** Parlour's HTTP API, called as the person that the client connects as. */
export type ClientApi = {
  /**
   * Sends one request (`path` such as `/api/rooms`, `body` as JSON) and resolves with the answer's JSON, `undefined`
   * where there is none. Rejects with a `ParlourError`: the server's problem document (RFC 9457), or `unreachable`.
   */
  request<Answer = unknown>(method: string, path: string, body?: unknown): Promise<Answer>;
};

/** One person's connection to one Parlour. Does nothing before `connect()`. */
export class Client {
  readonly api: ClientApi;
  readonly #connection: Connection;
  readonly #rooms = new Map<string, LiveRoom>();
  readonly #shelf: OutboxShelf;
  readonly #link: RoomLink;
  readonly #listeners = {
    state: new Listeners<ConnectionState>(),
    self: new Listeners<SelfFrame>(),
    error: new Listeners<ParlourError>(),
  };
  #user: Person | undefined;
  /** Who it was last: what is kept over a sign-out is for nobody else. */
  #lastUser: string | undefined;
  #isClosed = false;

  constructor(options: ClientOptions) {
    const origin = findOrigin(options.url);
    const environment = options.environment ?? hostEnvironment();
    const api = new HttpApi(origin, options.fetch, options.credentials);
    this.api = { request: (method, path, body) => api.request(method, path, body) };
    this.#shelf = new OutboxShelf(options.storage ?? findStorage());
    const { WebSocket, retry } = options;
    this.#connection = new Connection(
      { origin, api, WebSocket, environment, retry },
      {
        changed: (state) => this.#changed(state),
        known: (user) => this.#known(user),
        ready: () => this.#eachRoom((room) => room.ready()),
        cut: () => this.#eachRoom((room) => room.cut()),
        received: (frame) => this.#receive(frame),
      },
    );
    this.#link = {
      environment,
      isReady: () => this.state.name === 'ready',
      isClosed: () => this.#isClosed,
      user: () => this.#user,
      send: (command, answer) => this.#connection.send(command, answer),
      answered: (answer) => this.#connection.answered(answer),
      loadPage: (room, before) => this.#loadPage(room, before),
      shelve: (room, unsent) => this.#shelf.put(room, unsent),
      report: (error) => this.#tell('error', error),
    };
  }

  get state(): ConnectionState {
    return this.#connection.state;
  }

  /** Who is signed in; undefined before the first `ready` and after signing out. */
  get user(): Person | undefined {
    return this.#user;
  }

  /**
   * Connects and stays connected. Called again, it does nothing while an attempt is under way or the connection is
   * ready; otherwise it tries at once, as after signing in. Throws where the runtime has no WebSocket.
   */
  connect(): void {
    const wasClosed = this.#isClosed;
    this.#isClosed = false;
    this.#connection.connect();
    if (wasClosed) this.#eachRoom((room) => room.refresh());
  }

  /** Disconnects. From here on nothing fires. `connect()` starts again, with rooms and unsent messages as they were. */
  close(): void {
    this.#isClosed = true;
    this.#connection.close();
  }

  /** Closes and drops all that it holds of the person, what is unsent too: for when they sign out on this page. */
  forget(): void {
    this.close();
    this.#dropPerson({ keepUnsent: false });
  }

  /** Calls the listener at each such event; the answer ends it. */
  on<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void): () => void {
    return this.#listenersOf(name).add(listener);
  }

  /** The room of this id: always the same object. `options` count once, and where nothing else is known of the room. */
  room(id: string, options: RoomOptions = {}): RoomView {
    const room = this.#findRoom(id);
    room.seed(options);
    return room;
  }

  #findRoom(id: string): LiveRoom {
    const known = this.#rooms.get(id);
    if (known) return known;
    const room = new LiveRoom(id, this.#link);
    this.#rooms.set(id, room);
    return room;
  }

  #eachRoom(run: (room: LiveRoom) => void): void {
    for (const room of [...this.#rooms.values()]) run(room);
  }

  #loadPage(room: string, before: number | undefined): Promise<Page<RoomEvent, number>> {
    const query = before === undefined ? '' : `?before=${before}`;
    return this.api.request('GET', `/api/rooms/${encodeURIComponent(room)}/messages${query}`);
  }

  /** Whoever looks at the page after a sign-out finds nothing, also where a listener has closed it meanwhile. */
  #changed(state: ConnectionState): void {
    if (state.name === 'signed-out') this.#dropPerson({ keepUnsent: keepsUnsent(state.revocation) });
    if (this.state === state) this.#tell('state', state);
  }

  /**
   * What is unsent stays on its writer's shelf only where their login has merely run out. What was written before
   * anybody was known waits in its room, for whoever wrote it may just be signing in.
   */
  #dropPerson({ keepUnsent }: { keepUnsent: boolean }): void {
    if (!this.#user && keepUnsent) return;
    this.#user = undefined;
    if (!keepUnsent && this.#lastUser !== undefined) this.#shelf.empty(this.#lastUser);
    this.#shelf.close();
    this.#eachRoom((room) => room.forget());
  }

  #known(user: Person): void {
    const isNew = this.#user?.id !== user.id;
    if (this.#lastUser !== undefined && this.#lastUser !== user.id) this.#eachRoom((room) => room.forget());
    this.#user = user;
    this.#lastUser = user.id;
    if (isNew) this.#restore(user);
  }

  #restore(user: Person): void {
    const unsent = this.#shelf.open(user.id);
    for (const id of unsent.keys()) this.#findRoom(id);
    this.#eachRoom((room) => room.restore(unsent.get(room.id) ?? []));
  }

  #receive(frame: Exclude<ServerFrame, AuthenticatedFrame | PongFrame>): void {
    if (frame.type === 'self') this.#selfChanged(frame);
    else if (frame.type === 'error') this.#refused(frame);
    else this.#rooms.get(frame.room)?.receive(frame);
  }

  #selfChanged(frame: SelfFrame): void {
    if (frame.kind === 'added') this.#rooms.get(frame.room)?.letIn();
    this.#tell('self', frame);
  }

  #refused(frame: ErrorFrame): void {
    const { detail, field, retryAfter } = frame;
    const code = isErrorCode(frame.code) ? frame.code : 'malformed';
    const error = new ParlourError(code, detail, {
      ...(field === undefined ? {} : { field }),
      ...(retryAfter === undefined ? {} : { retryAfter }),
    });
    const room = frame.room === undefined ? undefined : this.#rooms.get(frame.room);
    if (room) room.refused(frame, error);
    else if (frame.id === undefined) this.#tell('error', error);
    else this.#eachRoom((candidate) => candidate.refused(frame, error));
  }

  #tell<Name extends keyof ClientEvents>(name: Name, event: ClientEvents[Name]): void {
    if (!this.#isClosed) this.#listenersOf(name).call(event);
  }

  #listenersOf<Name extends keyof ClientEvents>(name: Name): Listeners<ClientEvents[Name]> {
    return this.#listeners[name] as unknown as Listeners<ClientEvents[Name]>;
  }
}

/** A client for one Parlour. Throws a `TypeError` where it can not tell where that is. */
export function createClient(options: ClientOptions = {}): Client {
  return new Client(options);
}
