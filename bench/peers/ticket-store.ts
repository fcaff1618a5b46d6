import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeTemporaryFolder } from '../temporary-folder.ts';

type Holder = { user: string; expiresAt: number };

/** Where a peer keeps sessions and tickets. */
export type TicketStore = {
  addSession(hash: string, user: string): void;
  findUser(sessionHash: string): string | undefined;
  addTicket(hash: string, user: string, expiresAt: number): void;
  /** Whose it was; from now on nobody's. */
  useTicket(hash: string): Holder | undefined;
};

/** `folder` is where stored ones lie; without it, in a folder that goes with the process. */
export function openTicketStore(isStored: boolean, folder?: string): TicketStore {
  return isStored ? openSqliteStore(folder ?? makeTemporaryFolder()) : openMemoryStore();
}

function openMemoryStore(): TicketStore {
  const sessions = new Map<string, string>();
  const tickets = new Map<string, Holder>();
  return {
    addSession: (hash, user) => void sessions.set(hash, user),
    findUser: (hash) => sessions.get(hash),
    addTicket: (hash, user, expiresAt) => void tickets.set(hash, { user, expiresAt }),
    useTicket: (hash) => {
      const found = tickets.get(hash);
      tickets.delete(hash);
      return found;
    },
  };
}

/** Tickets in a table, to the benefit of the peer: a commit does not wait for the disk. */
function openSqliteStore(folder: string): TicketStore {
  const db = new DatabaseSync(join(folder, 'peer.sqlite'));
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS sessions (hash TEXT PRIMARY KEY, user TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS tickets (hash TEXT PRIMARY KEY, user TEXT NOT NULL, expiresAt INTEGER NOT NULL) WITHOUT ROWID`);
  const addSession = db.prepare('INSERT INTO sessions VALUES (?, ?)');
  const findSession = db.prepare('SELECT user FROM sessions WHERE hash = ?');
  const addTicket = db.prepare('INSERT INTO tickets VALUES (?, ?, ?)');
  const useTicket = db.prepare('DELETE FROM tickets WHERE hash = ? RETURNING user, expiresAt');
  return {
    addSession: (hash, user) => void addSession.run(hash, user),
    findUser: (hash) => (findSession.get(hash) as { user: string } | undefined)?.user,
    addTicket: (hash, user, expiresAt) => void addTicket.run(hash, user, expiresAt),
    useTicket: (hash) => useTicket.get(hash) as Holder | undefined,
  };
}
