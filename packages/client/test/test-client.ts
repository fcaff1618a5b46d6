import { expect } from 'vitest';
import type { Visitor } from '../../server/test/visitor.ts';
import {
  type Client,
  type ClientOptions,
  type ConnectionName,
  createClient,
  type RoomSnapshot,
  type RoomView,
  type SelfFrame,
} from '../src/client.ts';
import type { ManualEnvironment } from './manual-environment.ts';

export type TestClient = {
  client: Client;
  requests: string[];
  states: ConnectionName[];
  /** Resolves when this request has been made so many times. */
  whenRequested(request: string, times: number): Promise<void>;
};

/** The real client, as the person whose cookies the visitor holds. */
export function clientOf(visitor: Visitor, options: ClientOptions = {}): TestClient {
  const requests: string[] = [];
  const requested = new EventTarget();
  const client = createClient({
    url: visitor.origin,
    fetch: (input, init) => {
      requests.push(`${init?.method} ${new URL(String(input)).pathname}`);
      requested.dispatchEvent(new Event('request'));
      const headers = new Headers(init?.headers);
      headers.set('cookie', visitor.cookie);
      return fetch(input, { ...init, headers });
    },
    ...options,
  });
  const states: ConnectionName[] = [];
  client.on('state', ({ name }) => states.push(name));
  const whenRequested = async (request: string, times: number) => {
    while (requests.filter((made) => made === request).length < times) {
      await new Promise((resolve) => requested.addEventListener('request', resolve, { once: true }));
    }
  };
  return { client, requests, states, whenRequested };
}

/** Resolves when the connection is so. */
export function whenState(client: Client, name: ConnectionName): Promise<void> {
  if (client.state.name === name) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = client.on('state', (state) => {
      if (state.name !== name) return;
      stop();
      resolve();
    });
  });
}

/** Lets the time that a client waits before it tries again pass at once, whenever it waits. */
export function hurry(client: Client, environment: ManualEnvironment): void {
  client.on('state', ({ name, retryAt }) => {
    if (name !== 'offline' || retryAt === undefined) return;
    setImmediate(() => environment.advance(Math.max(0, retryAt - environment.now())));
  });
}

/** Lets time pass so slowly that the server answers meanwhile, as it does in reality. */
export async function letPass(environment: ManualEnvironment, duration: number): Promise<void> {
  const timers = environment.timerCount;
  for (let left = duration; left > 0; left -= 5_000) {
    environment.advance(Math.min(left, 5_000));
    // One timer more while an answer is awaited, one less while a token is fetched.
    await expect.poll(() => environment.timerCount).toBe(timers);
  }
}

/** Resolves when the room is so. */
export function whenRoom(room: RoomView, matches: (snapshot: RoomSnapshot) => boolean): Promise<RoomSnapshot> {
  if (matches(room.snapshot)) return Promise.resolve(room.snapshot);
  return new Promise((resolve) => {
    const stop = room.subscribe(() => {
      if (!matches(room.snapshot)) return;
      stop();
      resolve(room.snapshot);
    });
  });
}

/** Resolves with the next notice of this kind about the room. */
export function whenTold<Kind extends SelfFrame['kind']>(
  client: Client,
  kind: Kind,
  room: string,
): Promise<Extract<SelfFrame, { kind: Kind }>> {
  return new Promise((resolve) => {
    const stop = client.on('self', (frame) => {
      if (frame.kind !== kind || !('room' in frame) || frame.room !== room) return;
      stop();
      resolve(frame as Extract<SelfFrame, { kind: Kind }>);
    });
  });
}

export const isLive = ({ state }: RoomSnapshot) => state === 'live';

export function bodies({ events }: RoomSnapshot): string[] {
  return events.flatMap((event) => (event.event === 'message' ? [event.body] : []));
}

/** Resolves when everything that was sent has come back as an event. */
export function whenSent(room: RoomView): Promise<RoomSnapshot> {
  return whenRoom(room, ({ state, pending }) => state === 'live' && pending.length === 0);
}
