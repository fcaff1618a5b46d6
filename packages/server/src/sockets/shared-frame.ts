import type { RoomEvent } from '@parlour/protocol/events';
import type { ServerFrame } from '@parlour/protocol/frames';

const finalText = 0x81;

/**
 * One unmasked text frame (RFC 6455, section 5.2), encoded once and written to any number of sockets as it is. Only
 * right without extensions, so compression is off.
 */
export function encodeFrame(frame: ServerFrame): Buffer {
  return encodeText(JSON.stringify(frame));
}

/** An event's frame, which has its fields behind the type: cheaper written than copied first. */
export function encodeEvent(event: RoomEvent): Buffer {
  return encodeText(`{"type":"event",${JSON.stringify(event).slice(1)}`);
}

function encodeText(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const headerLength = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const buffer = Buffer.allocUnsafe(headerLength + length);
  buffer[0] = finalText;
  if (headerLength === 2) {
    buffer[1] = length;
  } else if (headerLength === 4) {
    buffer[1] = 126;
    buffer.writeUInt16BE(length, 2);
  } else {
    buffer[1] = 127;
    buffer.writeBigUInt64BE(BigInt(length), 2);
  }
  buffer.write(text, headerLength);
  return buffer;
}
