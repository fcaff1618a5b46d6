import type { Log } from '../log.ts';
import { type Mail, MailRefused, type MailTransport } from './mail.ts';

const second = 1_000;
const minute = 60 * second;

export type MailQueueOptions = {
  transport: MailTransport;
  log: Log;
  /** How many mails wait at most; one more is dropped. */
  maximum?: number;
  /** Milliseconds before each further attempt; after the last of them a mail is given up. */
  retryDelays?: readonly number[];
  /** Milliseconds that a stop waits for mails that are on their way. */
  patience?: number;
};

type Waiting = { mail: Mail; attempts: number };

/** At once: a server that hangs holds up the others for a minute at most. */
const atOnce = 2;

/** Mails on their way, in memory: what a crash takes with it can be asked for again. */
export class MailQueue {
  readonly #options: Required<MailQueueOptions>;
  readonly #ready: Waiting[] = [];
  /** Mails that wait for their next attempt. */
  readonly #later = new Set<NodeJS.Timeout>();
  #sending = 0;
  #closed = false;
  #onIdle: () => void = () => undefined;

  constructor(options: MailQueueOptions) {
    this.#options = {
      maximum: 1_000,
      retryDelays: [5 * second, 30 * second, 2 * minute, 10 * minute, 30 * minute],
      patience: 5 * second,
      ...options,
    };
  }

  get size(): number {
    return this.#ready.length + this.#later.size + this.#sending;
  }

  put(mail: Mail): void {
    const { maximum, log } = this.#options;
    if (this.#closed) return;
    if (this.size >= maximum) {
      log.warn('A mail was dropped: too many are waiting', { mail: mail.id, waiting: this.size });
      return;
    }
    this.#ready.push({ mail, attempts: 0 });
    // Not in the turn of whoever asked for it: an answer takes as long with a mail as without.
    setImmediate(() => this.#sendNext());
  }

  /** Lets those go that can go at once, and drops the others. */
  async close(): Promise<void> {
    const { transport, patience, log } = this.#options;
    this.#closed = true;
    const dropped = this.#later.size;
    for (const timer of this.#later) clearTimeout(timer);
    this.#later.clear();
    if (this.size > 0) await this.#becomeIdle(patience);
    if (dropped + this.size > 0) log.warn('Mails were not sent before the stop', { count: dropped + this.size });
    this.#ready.length = 0;
    transport.close();
  }

  #becomeIdle(patience: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, patience);
      this.#onIdle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #sendNext(): void {
    if (this.#sending >= atOnce) return;
    const waiting = this.#ready.shift();
    if (waiting === undefined) return;
    this.#sending += 1;
    void this.#send(waiting).finally(() => {
      this.#sending -= 1;
      this.#sendNext();
      if (this.size === 0) this.#onIdle();
    });
  }

  async #send({ mail, attempts }: Waiting): Promise<void> {
    const { transport, log, retryDelays } = this.#options;
    try {
      await transport.send(mail);
    } catch (cause) {
      const delay = retryDelays[attempts];
      const about = { mail: mail.id, attempt: attempts + 1, cause };
      if (cause instanceof MailRefused) log.error('A mail was refused', about);
      else if (delay === undefined) log.error('A mail was given up', about);
      else {
        log.warn('A mail could not be sent, and will be tried again', about);
        this.#sendLater({ mail, attempts: attempts + 1 }, delay);
      }
    }
  }

  #sendLater(waiting: Waiting, delay: number): void {
    if (this.#closed) return;
    const timer = setTimeout(() => {
      this.#later.delete(timer);
      this.#ready.push(waiting);
      this.#sendNext();
    }, delay);
    // A process that has nothing else to do does not wait for it.
    timer.unref();
    this.#later.add(timer);
  }
}
