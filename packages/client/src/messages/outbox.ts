import type { ParlourError } from '@parlour/protocol/errors';
import { newMessageId } from '@parlour/protocol/ids';
import { Backoff } from '../connection/backoff.ts';
import type { Environment } from '../connection/environment.ts';
import type { PendingMessage } from './pending-message.ts';

/** `seq` is there once the server has acknowledged the message. */
type Item = PendingMessage & { readonly seq?: number };

export type OutboxHandlers = {
  transmit(message: PendingMessage): void;
  changed(): void;
};

/**
 * One room's unsent messages. One is under way at a time, and its id stays the same until it is acknowledged or
 * refused, so that neither a retry nor a reconnect doubles or reorders anything (I2, I3).
 */
export class Outbox {
  readonly #environment: Environment;
  readonly #handlers: OutboxHandlers;
  readonly #backoff: Backoff;
  #items: readonly Item[] = [];
  #isOpen = false;
  #cancelRetry: (() => void) | undefined;

  constructor(environment: Environment, handlers: OutboxHandlers) {
    this.#environment = environment;
    this.#handlers = handlers;
    this.#backoff = new Backoff(environment.random);
  }

  get pending(): readonly PendingMessage[] {
    return this.#items;
  }

  /** What would be lost if the page went away now. */
  get unsent(): readonly PendingMessage[] {
    return this.#items.filter((item) => item.seq === undefined);
  }

  /** Something is still to go out, or to come back as an event: that of an acknowledged message may yet be on its way. */
  get isBusy(): boolean {
    return this.#items.some((item) => item.state !== 'failed');
  }

  add(body: string, data: unknown): PendingMessage {
    const now = this.#environment.now();
    const message: PendingMessage = {
      id: newMessageId(now),
      body,
      ...(data === undefined ? {} : { data }),
      at: new Date(now).toISOString(),
      state: 'waiting',
    };
    this.#replace([...this.#items, message]);
    this.#flush();
    return this.#find(message.id) ?? message;
  }

  /** Puts in front what an earlier life of the page had not sent. */
  restore(messages: readonly PendingMessage[]): void {
    const missing = messages.filter(({ id }) => !this.#find(id));
    this.#replace([...missing, ...this.#items]);
    this.#flush();
  }

  /** The room takes sends now. */
  open(): void {
    this.#isOpen = true;
    this.#flush();
  }

  /** It takes none any more. What was under way goes out again, with the same id. */
  shut(): void {
    this.#isOpen = false;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#backoff.reset();
    const current = this.#underWay();
    if (current) this.#set(current.id, { state: 'waiting' });
  }

  acked(id: string, seq: number): void {
    if (!this.#find(id)) return;
    this.#backoff.reset();
    this.#set(id, { state: 'sending', seq });
    this.#flush();
  }

  /** The server took it: its event is here, whether or not the `ack` was. */
  arrived(id: string): void {
    if (this.#underWay()?.id === id) this.#backoff.reset();
    this.#drop((item) => item.id === id);
  }

  /** Everything up to `seq` is applied, so what was acknowledged up to there is among the events. */
  settled(seq: number): void {
    this.#drop((item) => item.seq !== undefined && item.seq <= seq);
  }

  refused(id: string, error: ParlourError): void {
    if (this.#underWay()?.id !== id) return;
    if (error.retryable || error.code === 'not_joined') this.#retryLater(id, error);
    else this.#set(id, { state: 'failed', error });
    this.#flush();
  }

  retry(id: string): void {
    const item = this.#find(id);
    if (item?.state !== 'failed') return;
    const { error: _, ...rest } = item;
    this.#replace([...this.#items.filter((other) => other !== item), { ...rest, state: 'waiting' }]);
    this.#flush();
  }

  /** Takes a message back. One that is under way may have arrived already, so it stays. */
  discard(id: string): void {
    this.#drop((item) => item.id === id && item.state !== 'sending');
  }

  clear(): void {
    this.shut();
    this.#items = [];
  }

  #drop(isDone: (item: Item) => boolean): void {
    if (!this.#items.some(isDone)) return;
    this.#replace(this.#items.filter((item) => !isDone(item)));
    this.#flush();
  }

  #retryLater(id: string, error: ParlourError): void {
    this.#set(id, { state: 'waiting' });
    const delay = this.#backoff.next((error.retryAfter ?? 0) * 1000);
    this.#cancelRetry = this.#environment.after(delay, () => {
      this.#cancelRetry = undefined;
      this.#flush();
    });
  }

  #flush(): void {
    if (!this.#isOpen || this.#cancelRetry || this.#underWay()) return;
    const next = this.#items.find((item) => item.state === 'waiting');
    if (!next) return;
    this.#set(next.id, { state: 'sending' });
    this.#handlers.transmit(next);
  }

  #underWay(): Item | undefined {
    return this.#items.find((item) => item.state === 'sending' && item.seq === undefined);
  }

  #find(id: string): Item | undefined {
    return this.#items.find((item) => item.id === id);
  }

  #set(id: string, change: Partial<Item>): void {
    this.#replace(this.#items.map((item) => (item.id === id ? { ...item, ...change } : item)));
  }

  #replace(items: readonly Item[]): void {
    this.#items = items;
    this.#handlers.changed();
  }
}
