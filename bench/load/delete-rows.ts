// A thread that ends sessions as somebody with a SQLite shell would, and tells when each was committed.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

const db = new DatabaseSync(join(String(workerData), 'parlour.sqlite'), { timeout: 5_000 });
db.exec('PRAGMA foreign_keys = ON');
const end = db.prepare('DELETE FROM session WHERE id = ?');
parentPort?.on('message', (session: string) => {
  end.run(session);
  parentPort?.postMessage({ session, at: Date.now() });
});
