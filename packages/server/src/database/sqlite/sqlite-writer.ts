// The one thread that writes. Requests that wait are committed together: one fsync for many acknowledgements.
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { openSqlite } from './open-sqlite.ts';
import type { Prepare, Procedure } from './procedure.ts';
import { requestStride, type ThreadData } from './thread-messages.ts';
import { WriteQueue } from './write-queue.ts';

const port = parentPort;
if (port === null) throw new Error('sqlite-writer runs as a worker thread');

const { file, procedures } = workerData as ThreadData;
const db = openSqlite(file, false);
const prepared = new Map<string, Procedure>();
// Prepared at first use: at the very start the tables do not exist yet.
const modules = new Map<string, Prepare>();
for (const [name, url] of Object.entries(procedures)) {
  modules.set(name, ((await import(url)) as { prepare: Prepare }).prepare);
}

function findProcedure(name: string): Procedure {
  const found = prepared.get(name);
  if (found !== undefined) return found;
  const prepare = modules.get(name);
  if (prepare === undefined) throw new Error(`there is no procedure ${name}`);
  const procedure = prepare(db);
  prepared.set(name, procedure);
  return procedure;
}

const queue = new WriteQueue({
  db,
  findProcedure,
  procedures: prepared,
  answer: (answers) => port.postMessage(answers),
  closed: () => {
    db.close();
    port.close();
  },
});

function take(requests: unknown[]): void {
  for (let i = 0; i < requests.length; i += requestStride) {
    queue.add({
      id: requests[i] as number,
      operation: requests[i + 1] as never,
      first: requests[i + 2],
      second: requests[i + 3],
    });
  }
}

port.on('message', (requests: unknown[]) => {
  take(requests);
  // What arrived during the last commit belongs to this one.
  for (let more = receiveMessageOnPort(port); more !== undefined; more = receiveMessageOnPort(port)) {
    take(more.message as unknown[]);
  }
  queue.work();
});
