import { ParlourError } from '@parlour/protocol/errors';
import type { Person } from '@parlour/protocol/events';
import type { Database } from '../database/database.ts';
import { deleteAccessToken } from './access-token-store.ts';

export type RevokeDeps = {
  db: Database;
  /** The revocation log has something new, so that it is read at once. */
  onGrantEnded(): void;
};

/** Ends one of one's own tokens, and with it every socket and token that hangs on it. Throws `not_found`. */
export async function revokeAccessToken({ db, onGrantEnded }: RevokeDeps, owner: Person, id: string): Promise<void> {
  if (!(await deleteAccessToken(db.kysely, id, owner.id))) {
    throw new ParlourError('not_found', 'You have no such access token.');
  }
  onGrantEnded();
}
