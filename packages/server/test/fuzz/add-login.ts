import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { byHand } from '../by-hand.ts';

type Row = Record<string, string | number | null>;

/** A login by SQL, after the pattern of the newest one: the cookie that it is. The person is made where there is none. */
export function addLogin(folder: string, user: string, isAdmin: boolean): string {
  const token = randomBytes(32).toString('base64url');
  const tokenHash = createHash('sha256').update(token).digest('base64url');
  byHand({ folder }, (db) => {
    const copy = (table: 'user' | 'session', changes: Row) => {
      const pattern = db.prepare(`SELECT * FROM ${table} ORDER BY rowid DESC LIMIT 1`).get() as Row;
      const row = { ...pattern, ...changes };
      const places = Object.keys(row).map(() => '?');
      const sql = `INSERT OR IGNORE INTO ${table} (${Object.keys(row).join()}) VALUES (${places.join()})`;
      db.prepare(sql).run(...Object.values(row));
    };
    const role = isAdmin ? 'admin' : 'member';
    copy('user', { id: user, name: user, handle: user, email: `${user}@example.org`, role });
    copy('session', { id: randomUUID(), tokenHash, userId: user });
  });
  return `parlour.session_token=${token}`;
}
