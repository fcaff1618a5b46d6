// A thread that answers SELECTs on a read-only connection, so that no query runs on the loop that serves sockets.
import type { SQLInputValue } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { toSqlFault } from '../storage-error.ts';
import { openSqlite } from './open-sqlite.ts';
import { Statements } from './statements.ts';
import { requestStride, type ThreadData } from './thread-messages.ts';

const port = parentPort;
if (port === null) throw new Error('sqlite-reader runs as a worker thread');

const db = openSqlite((workerData as ThreadData).file, true);
const statements = new Statements(db);

port.on('message', (requests: unknown[]) => {
  const answers: unknown[] = [];
  for (let i = 0; i < requests.length; i += requestStride) {
    const id = requests[i];
    if (requests[i + 1] === 'close') {
      // What was asked in the same tick before it is answered still.
      port.postMessage(answers);
      db.close();
      port.close();
      return;
    }
    try {
      answers.push(id, 1, statements.run(requests[i + 2] as string, requests[i + 3] as SQLInputValue[]));
    } catch (error) {
      answers.push(id, 0, toSqlFault(error));
    }
  }
  port.postMessage(answers);
});
