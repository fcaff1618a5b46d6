import type { Socket } from 'node:net';
import { limits } from '@parlour/protocol/limits';
import { Bundle } from './bundle.ts';
import { FlushPace } from './flush-pace.ts';
import { type Handle, SocketWriter, type Writer } from './socket-writer.ts';

/** A replay goes on when its reader has less than this many bytes before it. */
const lowWater = 64 * 1024;
const totalBytes = 256 * 1024 * 1024;
const sweepInterval = 250;
/** What a frame takes beside its own bytes where it waits by itself. So many may, for a peer that is behind. */
const frameCost = 200;
const apartMaximum = 256;

export type OutboxesOptions = {
  /** Whether the node may deliver now; false holds every outbox. */
  mayDeliver(): boolean;
  totalLimit?: number;
};

/**
 * All outboxes of a node: writes each at the end of the tick in which something was put into it, or a moment later where
 * many talk at once, and bounds what all of them hold together.
 */
export class Outboxes {
  readonly writer = new SocketWriter();
  readonly #mayDeliver: () => boolean;
  readonly #totalLimit: number;
  #dirty: Outbox[] = [];
  /** What every outbox begins with in this tick. */
  #empty = new Bundle();
  readonly #draining = new Set<Outbox>();
  readonly #sweep: NodeJS.Timeout;
  #scheduled = false;
  #bytes = 0;
  /** Pushed since all was written last. */
  #frames = 0;
  readonly #pace = new FlushPace();

  constructor({ mayDeliver, totalLimit = totalBytes }: OutboxesOptions) {
    this.#mayDeliver = mayDeliver;
    this.#totalLimit = totalLimit;
    this.#sweep = setInterval(() => this.#recount(), sweepInterval);
  }

  /** Bytes that all peers together have not read yet. */
  get bytes(): number {
    return this.#bytes;
  }

  get mayDeliver(): boolean {
    return this.#mayDeliver();
  }

  get isFull(): boolean {
    return this.#bytes > this.#totalLimit;
  }

  /** What an outbox writes with one frame more; without anything queued it begins to be written. */
  add(outbox: Outbox, queued: Bundle | undefined, frame: Buffer): Bundle {
    this.#frames += 1;
    if (queued === undefined) this.hold(outbox);
    return (queued ?? this.#empty).add(frame);
  }

  /** Has an outbox written at the end of this tick, after a pause if there is one, and as soon as the node may deliver. */
  hold(outbox: Outbox): void {
    this.#dirty.push(outbox);
    if (this.#scheduled) return;
    this.#scheduled = true;
    process.nextTick(() => {
      const { pause } = this.#pace;
      if (pause === 0) this.#flushScheduled();
      else setTimeout(() => this.#flushScheduled(), pause);
    });
  }

  #flushScheduled(): void {
    this.#scheduled = false;
    this.flush();
  }

  /** Writes what is held, if the node may deliver. Called at a tick's end, and when trust is back. */
  flush(): void {
    if (this.#dirty.length === 0 || !this.mayDeliver) return;
    const dirty = this.#dirty;
    const frames = this.#frames;
    this.#dirty = [];
    this.#frames = 0;
    this.#empty = new Bundle();
    this.#pace.measure(frames, dirty.length, () => {
      for (const outbox of dirty) outbox.write();
    });
  }

  count(difference: number): void {
    this.#bytes += difference;
  }

  watch(outbox: Outbox): void {
    this.#draining.add(outbox);
  }

  forget(outbox: Outbox): void {
    this.#draining.delete(outbox);
  }

  close(): void {
    clearInterval(this.#sweep);
  }

  #recount(): void {
    for (const outbox of this.#draining) if (outbox.recount() === 0) this.#draining.delete(outbox);
    // Those furthest behind may get nothing new, and must go all the same.
    for (const outbox of this.#draining) if (this.isFull) outbox.shed();
  }
}

export type OutboxOwner = {
  /** The reader is too far behind, or all readers together are. */
  onOverflow(): void;
};

export type OutboxOptions = { socket: Socket; outboxes: Outboxes; owner: OutboxOwner };

/** What one peer is still to be sent: bounded (I9), one write at a time, droppable at once when trust ends (I7). */
export class Outbox implements Writer {
  readonly #socket: Socket;
  readonly #outboxes: Outboxes;
  readonly #owner: OutboxOwner;
  #handle: Handle | undefined;
  /** What is not written yet. It grows while the kernel has not taken what was written before. */
  #queued: Bundle | undefined;
  /** Bytes of a write that the kernel has not taken yet. */
  #writing = 0;
  /** What is not read as far as is known; the kernel may have taken some of it since. */
  #counted = 0;
  #waiting: (() => void)[] | undefined;
  #closed = false;

  constructor({ socket, outboxes, owner }: OutboxOptions) {
    this.#socket = socket;
    this.#outboxes = outboxes;
    this.#owner = owner;
  }

  /** Bytes not yet taken by the kernel. */
  get bytes(): number {
    return (this.#queued?.bytes ?? 0) + this.#unsent;
  }

  /** Whether what is written now goes out at once, with nothing before it. */
  get isClear(): boolean {
    return this.#unsent === 0;
  }

  /** Written, and not yet taken by the kernel: pongs too, which the library writes to the stream. */
  get #unsent(): number {
    const { writableLength } = this.#socket;
    return this.#handle === undefined ? writableLength : writableLength + this.#writing;
  }

  push(frame: Buffer): void {
    if (this.#closed) return;
    this.#count(frame.length);
    this.#queued = this.#outboxes.add(this, this.#queued, frame);
    if (this.#writing > 0 && isWasteful(this.#queued)) this.#queued = new Bundle(this.#queued.join());
    // Much at once is no slowness of the reader's: let the kernel take what it can before judging.
    if (this.#queued.bytes > lowWater && this.#outboxes.mayDeliver) this.write();
    if (this.#counted > limits.outboxBytes && this.recount() > limits.outboxBytes) this.#owner.onOverflow();
    else if (this.#outboxes.isFull) this.shed();
  }

  /** Gives the reader up if it is behind, because all readers together are too far behind. */
  shed(): void {
    if (this.bytes > lowWater) this.#owner.onOverflow();
  }

  write(): void {
    const queued = this.#queued;
    // One write at a time: a reader who is behind costs a system call only when there is room for more.
    if (queued === undefined || this.#writing > 0) return;
    const { writer } = this.#outboxes;
    this.#handle ??= writer.findHandle(this.#socket);
    this.#queued = undefined;
    this.#writing = queued.bytes;
    if (writer.write(this.#socket, this.#handle, queued.join(), this)) {
      this.#writing = 0;
      this.#count(-this.#counted);
      this.#release();
    } else if (this.recount() > 0) this.#outboxes.watch(this);
  }

  onWritten(): void {
    this.#writing = 0;
    if (this.#closed) return;
    if (this.#queued !== undefined) this.#outboxes.hold(this);
    this.recount();
  }

  /** Whether the peer has little left to read, or is gone. */
  get isDrained(): boolean {
    return this.#closed || this.bytes <= lowWater;
  }

  /** Resolves when it has. */
  drained(): Promise<void> {
    if (this.isDrained) return Promise.resolve();
    this.#outboxes.watch(this);
    return new Promise((resolve) => {
      this.#waiting ??= [];
      this.#waiting.push(resolve);
    });
  }

  /** Looks how much the kernel has taken meanwhile. */
  recount(): number {
    const { bytes } = this;
    this.#count(bytes - this.#counted);
    if (bytes <= lowWater) this.#release();
    return bytes;
  }

  /** Drops what was not written. Nothing is written any more. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#queued = undefined;
    this.#count(-this.#counted);
    this.#outboxes.forget(this);
    this.#release();
  }

  #count(difference: number): void {
    this.#counted += difference;
    this.#outboxes.count(difference);
  }

  #release(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    for (const resolve of waiting) resolve();
  }
}

/** Whether its frames take less when joined (I9). Longer ones stay apart: others may wait for the same. */
function isWasteful({ frames, bytes }: Bundle): boolean {
  return frames > apartMaximum && frames * frameCost > bytes;
}
