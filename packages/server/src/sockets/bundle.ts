/**
 * Frames that are written one after another. Whoever is sent the same frames in the same order has the same bundle, so that
 * what is said to a thousand members within one tick is joined once, and is one write for each of them.
 */
export class Bundle {
  readonly bytes: number;
  readonly frames: number;
  readonly #frame: Buffer | undefined;
  readonly #before: Bundle | undefined;
  #next: Bundle | undefined;
  #joined: Buffer | undefined;

  /** Without a frame: the empty bundle that others begin with. */
  constructor(frame?: Buffer, before?: Bundle) {
    this.#frame = frame;
    this.#before = before;
    this.bytes = (before?.bytes ?? 0) + (frame?.length ?? 0);
    this.frames = (before?.frames ?? 0) + (frame === undefined ? 0 : 1);
  }

  /** This bundle with one frame more: the same one as the last who added that frame to it got. */
  add(frame: Buffer): Bundle {
    if (this.#next === undefined || this.#next.#frame !== frame) this.#next = new Bundle(frame, this);
    return this.#next;
  }

  /** All of its frames as they are written. */
  join(): Buffer {
    this.#joined ??= this.frames === 1 && this.#frame !== undefined ? this.#frame : this.#copy();
    return this.#joined;
  }

  #copy(): Buffer {
    const joined = Buffer.allocUnsafe(this.bytes);
    for (let bundle: Bundle | undefined = this; bundle !== undefined; bundle = bundle.#before)
      if (bundle.#frame !== undefined) joined.set(bundle.#frame, bundle.bytes - bundle.#frame.length);
    return joined;
  }
}
