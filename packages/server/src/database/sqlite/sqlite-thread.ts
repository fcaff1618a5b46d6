import { Worker } from 'node:worker_threads';
import type { Pace } from '../../pace.ts';
import { type SqlFault, toError } from '../storage-error.ts';
import { answerStride, type Operation, type ThreadData } from './thread-messages.ts';

type Pending = { resolve(value: unknown): void; reject(error: Error): void };

/** Answers that are handed on together. */
const answersAtOnce = 16;

/** The main thread's end of a database thread. Requests of one tick travel as one message. */
export class SqliteThread {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  /** Watched from the start: a thread that failed may be gone before it is closed. */
  readonly #exited: Promise<void>;
  #outgoing: unknown[] = [];
  #nextId = 1;
  #isClosing = false;
  /** Why it is gone, once it is: nobody answers there any more. */
  #fault: Error | undefined;
  readonly #pace: Pick<Pace, 'goOn'> | undefined;

  constructor(module: URL, data: ThreadData, onFatal: (error: Error) => void, pace?: Pick<Pace, 'goOn'>) {
    this.#pace = pace;
    this.#worker = new Worker(module, { workerData: data });
    this.#worker.on('message', (answers: unknown[]) => this.#take(answers));
    this.#worker.on('error', (error: Error) => this.#fail(error, onFatal));
    this.#worker.on('exit', () => this.#inOrder(() => this.#fail(new Error('a database thread ended'), onFatal)));
    this.#exited = new Promise((resolve) => this.#worker.once('exit', () => resolve()));
  }

  request(operation: Operation, first?: unknown, second?: unknown): Promise<unknown> {
    if (this.#isClosing) return Promise.reject(new Error('the database is closed'));
    if (this.#fault !== undefined) return Promise.reject(this.#fault);
    return this.#post(operation, first, second);
  }

  /** Lets what was asked finish, then ends the thread. */
  close(): Promise<void> {
    if (!this.#isClosing) {
      this.#isClosing = true;
      this.#post('close', undefined, undefined).catch(() => undefined);
    }
    return this.#exited;
  }

  #post(operation: Operation, first: unknown, second: unknown): Promise<unknown> {
    const id = this.#nextId++;
    if (this.#outgoing.length === 0) setImmediate(() => this.#flush());
    this.#outgoing.push(id, operation, first, second);
    return new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
  }

  #flush(): void {
    const requests = this.#outgoing;
    this.#outgoing = [];
    this.#worker.postMessage(requests);
  }

  #take(answers: unknown[]): void {
    const size = answersAtOnce * answerStride;
    for (let from = 0; from < answers.length; from += size) {
      const some = answers.length <= size ? answers : answers.slice(from, from + size);
      this.#inOrder(() => this.#settle(some));
    }
  }

  #inOrder(work: () => void): void {
    if (this.#pace === undefined) work();
    else void this.#pace.goOn().then(work);
  }

  #settle(answers: unknown[]): void {
    for (let i = 0; i < answers.length; i += answerStride) {
      const id = answers[i] as number;
      const pending = this.#pending.get(id);
      this.#pending.delete(id);
      if (answers[i + 1] === 1) pending?.resolve(answers[i + 2]);
      else pending?.reject(toError(answers[i + 2] as SqlFault));
    }
  }

  #fail(error: Error, onFatal: (error: Error) => void): void {
    this.#fault ??= error;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(error);
    if (!this.#isClosing) onFatal(error);
  }
}
