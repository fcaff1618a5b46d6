import type { ServerFrame } from '@parlour/protocol/frames';
import { SmallSet } from '../small-set.ts';
import type { Connection } from './connection.ts';

/** Every connection of this node, found by the grant it hangs on and by its person. */
export class Connections {
  readonly #all = new Set<Connection>();
  readonly #byGrant = new Map<string, SmallSet<Connection>>();
  readonly #byUser = new Map<string, SmallSet<Connection>>();

  get size(): number {
    return this.#all.size;
  }

  /** Called for every renewal too. */
  add(connection: Connection): void {
    this.#all.add(connection);
    insert(this.#byGrant, connection.grantId, connection);
    insert(this.#byUser, connection.userId, connection);
  }

  /** Keeps a connection that is not authenticated yet, so that it too is closed when the node stops. */
  greet(connection: Connection): void {
    this.#all.add(connection);
  }

  delete(connection: Connection): void {
    this.#all.delete(connection);
    remove(this.#byGrant, connection.grantId, connection);
    remove(this.#byUser, connection.userId, connection);
  }

  ofGrant(grantId: string): Connection[] {
    return [...(this.#byGrant.get(grantId) ?? [])];
  }

  ofUser(user: string): Connection[] {
    return [...(this.#byUser.get(user) ?? [])];
  }

  countOf(user: string): number {
    return this.#byUser.get(user)?.size ?? 0;
  }

  hasUser(user: string): boolean {
    return this.#byUser.has(user);
  }

  /** Whether one of the person's sockets has not joined the room. */
  isOnlooker(user: string, room: string): boolean {
    for (const { subscriptions } of this.#byUser.get(user) ?? []) if (!subscriptions.has(room)) return true;
    return false;
  }

  all(): Connection[] {
    return [...this.#all];
  }

  /** Tells a person what concerns them, on every socket that has not joined the room itself. */
  notify(user: string, room: string, frame: ServerFrame): void {
    for (const connection of this.ofUser(user)) if (!connection.subscriptions.has(room)) connection.deliver(frame);
  }
}

function insert(map: Map<string, SmallSet<Connection>>, key: string, connection: Connection): void {
  const set = map.get(key);
  if (set === undefined) map.set(key, new SmallSet(connection));
  else set.add(connection);
}

function remove(map: Map<string, SmallSet<Connection>>, key: string, connection: Connection): void {
  const set = map.get(key);
  if (set?.delete(connection) && set.size === 0) map.delete(key);
}
