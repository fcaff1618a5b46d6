import type { RoomEvent } from '@parlour/protocol/events';
import type { JsonValue } from './fanout.ts';

/** Raised when a node of the version before could not read it; what it then does not know, it leaves alone. */
const version = 1;
/** Far above what any node sends, so that nothing huge is parsed. */
const mostBytes = 1024 * 1024;

export type RoomMessage = { room: string; message: JsonValue };

export type Envelope = { node: string; items: unknown[] };

/** Why a message of the broker is left alone. */
export type Unreadable = 'its version is unknown' | 'it is malformed' | 'it is too big';

/** Puts items, each already JSON, into one message. */
export function writeEnvelope(node: string, items: readonly string[]): Buffer {
  return Buffer.from(`{"v":${version},"node":${JSON.stringify(node)},"items":[${items.join(',')}]}`);
}

export function readEnvelope(content: Buffer): Envelope | Unreadable {
  if (content.length > mostBytes) return 'it is too big';
  const value = parse(content);
  if (!isRecord(value)) return 'it is malformed';
  if (value['v'] !== version) return Number.isInteger(value['v']) ? 'its version is unknown' : 'it is malformed';
  const { node, items } = value;
  return typeof node === 'string' && Array.isArray(items) ? { node, items } : 'it is malformed';
}

/** What it tells beyond these is for those who get the event. */
export function isRoomEvent(item: unknown): item is RoomEvent {
  if (!isRecord(item) || !isName(item['room']) || !isName(item['event']) || !isSeq(item['seq'])) return false;
  if (item['event'] === 'member') return isPerson(item['user']);
  return (
    item['event'] !== 'message' || (isPerson(item['author']) && isName(item['id']) && typeof item['body'] === 'string')
  );
}

export function isRoomMessage(item: unknown): item is RoomMessage {
  return isRecord(item) && isName(item['room']) && item['message'] !== undefined;
}

function parse(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString());
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPerson(value: unknown): boolean {
  return isRecord(value) && isName(value['id']) && typeof value['name'] === 'string';
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isSeq(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) > 0;
}
