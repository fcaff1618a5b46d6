import type { Role } from '@parlour/protocol/accounts';
import type { Person, RoomEvent } from '@parlour/protocol/events';
import { can } from '@parlour/protocol/permissions';
import type { Member } from '@parlour/protocol/rooms';
import type { Kysely } from 'kysely';
import type { AuditEntry } from '../audit/write-audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';

export type RoomRole = Member['role'];

/** A room as it was found through one person. `number` is the internal key and never leaves the server. */
export type FoundRoom = {
  number: number;
  id: string;
  name: string;
  private: boolean;
  /** The person's role in it; null for those who are not in it. */
  role: RoomRole | null;
  /** Whether the person was taken out of it and not added back. */
  removed: boolean;
};
export type MemberRoom = FoundRoom & { role: RoomRole };

/** Who acts, as far as rooms must know them: who they are and what they are in the house. */
export type Actor = { user: Person; role: Role; from?: AuditEntry['from'] };

/** What a query runs on: the database, or a transaction in it. */
export type Queries = Kysely<Tables>;

export type RoomDeps = {
  db: Database;
  clock: Clock;
  /** Called for every event after its commit: fan-out, presence and the notices of `self` hang on it. */
  publish(event: RoomEvent): void;
};

/** The owner of a room looks after it, and so do the house's owner and admins wherever they may see it. */
export function canManage(actor: Actor, room: FoundRoom): boolean {
  return room.role === 'owner' || can(actor.role, 'manageRooms');
}
