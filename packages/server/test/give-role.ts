import type { Role } from '@parlour/protocol/accounts';
import { byHand } from './by-hand.ts';
import type { TestServer } from './start-server.ts';
import type { Visitor } from './visitor.ts';

/** Makes somebody what they are in the house, as its owner could in the end. */
export function giveRole(server: TestServer, { id }: Visitor, role: Role): void {
  byHand(server, (db) => db.prepare('UPDATE user SET role = ? WHERE id = ?').run(role, id));
}
