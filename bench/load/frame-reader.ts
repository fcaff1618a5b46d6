export type FrameListener = (opcode: number, data: Buffer, start: number, end: number) => void;

/**
 * Finds the frames (RFC 6455, section 5.2) in what one socket receives, without copying or decoding them: a thousand
 * receivers share one process, and must cost less than the server that they measure.
 */
export class FrameReader {
  #rest: Buffer | undefined;

  /** Reads the first `length` bytes; `listener` must be done with them when it returns. */
  read(chunk: Buffer, length: number, listener: FrameListener): void {
    let data = chunk;
    let end = length;
    if (this.#rest !== undefined) {
      data = Buffer.concat([this.#rest, chunk.subarray(0, length)]);
      end = data.length;
      this.#rest = undefined;
    }
    let at = 0;
    for (;;) {
      const start = at + headerLength(data, at, end);
      const next = start + payloadLength(data, at, end);
      if (!(next <= end)) break;
      listener((data[at] ?? 0) & 0x0f, data, start, next);
      at = next;
    }
    // A copy, because the chunk is one buffer for all sockets.
    if (at < end) this.#rest = Buffer.from(data.subarray(at, end));
  }
}

// NaN when the header itself is not complete yet, so that no comparison holds.
function headerLength(data: Buffer, at: number, end: number): number {
  if (end - at < 2) return Number.NaN;
  const short = (data[at + 1] ?? 0) & 0x7f;
  const length = short < 126 ? 2 : short === 126 ? 4 : 10;
  return end - at < length ? Number.NaN : length;
}

function payloadLength(data: Buffer, at: number, end: number): number {
  if (end - at < 2) return Number.NaN;
  const short = (data[at + 1] ?? 0) & 0x7f;
  if (short < 126) return short;
  if (short === 126) return end - at < 4 ? Number.NaN : data.readUInt16BE(at + 2);
  return end - at < 10 ? Number.NaN : Number(data.readBigUInt64BE(at + 2));
}

/** One frame as a client sends it. Masked with zeros, which is as masked as any other key, and cheap to make. */
export function encodeClientFrame(payload: string | Buffer, opcode = 1): Buffer {
  const data = Buffer.from(payload);
  if (data.length > 0xffff) throw new Error('the load generator sends short messages only');
  const head = data.length < 126 ? [0x80 | data.length] : [0x80 | 126, data.length >> 8, data.length & 0xff];
  return Buffer.concat([Buffer.from([0x80 | opcode, ...head, 0, 0, 0, 0]), data]);
}
