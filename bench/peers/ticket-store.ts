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

/** What is in SQLite: nothing, sessions only, as Parlour has it, or tickets too. */
export type Stored = 'nothing' | 'sessions' | 'tickets';

/** `folder` is where stored ones lie; without it, in a folder that goes with the process. */
export function openTicketStore(stored: Stored, folder?: string): TicketStore {
  const memory = openMemoryStore();
  if (stored === 'nothing') return memory;
  const sqlite = openSqliteStore(folder ?? makeTemporaryFolder());
  if (stored === 'tickets') return sqlite;
  const { addSession, findUser } = sqlite;
  return { ...memory, addSession, findUser };
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
