import { limits } from '@parlour/protocol/limits';

/** First bytes (RFC 6455, section 5.2): final, and without reserved bits. */
export const text = 0x81;
export const ping = 0x89;
export const pong = 0x8a;
/** Second bytes: masked, and with a length of 16 bits behind them. */
const masked = 0x80;
const long = 0xfe;

/** Too little of it is there to tell. */
export const unknown = 0;
/** It is none of those that are read here. */
export const unusual = -1;

/** How long a peer's frame is that begins at `at`, if it is a whole text message, a ping or a pong, and not too long. */
export function measureFrame(bytes: Buffer, at: number): number {
  const left = bytes.length - at;
  if (left < 2) return unknown;
  const kind = bytes[at];
  const length = bytes[at + 1] ?? 0;
  if (kind !== text && kind !== ping && kind !== pong) return unusual;
  if (length >= masked && length < long) return 6 + length - masked;
  if (length !== long || kind !== text) return unusual;
  if (left < 4) return unknown;
  const longer = bytes.readUInt16BE(at + 2);
  return longer > limits.frameBytes ? unusual : 8 + longer;
}

/** Unmasks a whole frame where it stands, or masks it again, and tells its payload. */
export function unmask(frame: Buffer): Buffer {
  const start = frame[1] === long ? 8 : 6;
  for (let i = start; i < frame.length; i += 1) {
    frame[i] = (frame[i] ?? 0) ^ (frame[start - 4 + ((i - start) & 3)] ?? 0);
  }
  return frame.subarray(start);
}

/** A frame to a peer, which is not masked. Control frames hold at most 125 bytes. */
export function encodeControl(kind: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([kind, payload.length]), payload]);
}
