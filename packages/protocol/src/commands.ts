import * as v from 'valibot';
import { messageId, roomId, seqNumber } from './ids.ts';
import { limits } from './limits.ts';

const utf8 = new TextEncoder();

/** JSON of at most 4 KiB that Parlour carries and does not interpret. */
export const messageData = v.pipe(
  v.unknown(),
  v.check((data) => data === undefined || fits(data), '`data` is larger than 4 KiB of JSON.'),
);

// What is nested too deeply to be written is larger by far, and must be refused like it: it came from a stranger.
function fits(data: unknown): boolean {
  try {
    return utf8.encode(JSON.stringify(data)).length <= limits.dataBytes;
  } catch {
    return false;
  }
}

export const authenticateCommand = v.object({
  type: v.literal('authenticate'),
  token: v.pipe(v.string(), v.minLength(1), v.maxLength(8192)),
});
export const joinCommand = v.object({ type: v.literal('join'), room: roomId, after: v.optional(seqNumber) });
export const leaveCommand = v.object({ type: v.literal('leave'), room: roomId });
export const sendCommand = v.object({
  type: v.literal('send'),
  id: messageId,
  room: roomId,
  body: v.string('A body must be text.'),
  data: v.optional(messageData),
});
export const typingCommand = v.object({ type: v.literal('typing'), room: roomId });
export const readCommand = v.object({ type: v.literal('read'), room: roomId, seq: seqNumber });
export const pingCommand = v.object({ type: v.literal('ping') });

const schemas = {
  authenticate: authenticateCommand,
  join: joinCommand,
  leave: leaveCommand,
  send: sendCommand,
  typing: typingCommand,
  read: readCommand,
  ping: pingCommand,
} as const;

export type CommandType = keyof typeof schemas;
export type CommandOf<T extends CommandType> = v.InferOutput<(typeof schemas)[T]>;
/** What a client may send: one JSON object a text frame. Unknown fields are ignored. */
export type Command = { [T in CommandType]: CommandOf<T> }[CommandType];

export type MalformedCommand = { malformed: string; field?: string; id?: string };

/** Reads one text frame. What makes no sense is told with the field at fault and the frame's `id`, where it has one. */
export function parseCommand(text: string): Command | MalformedCommand {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return { malformed: 'The frame is not JSON.' };
  }
  if (typeof frame !== 'object' || frame === null || Array.isArray(frame))
    return { malformed: 'The frame is not an object.' };
  const { type, id } = frame as { type?: unknown; id?: unknown };
  if (typeof type !== 'string' || !Object.hasOwn(schemas, type))
    return { malformed: 'The frame has an unknown type.', field: 'type', ...readId(id) };
  const result = v.safeParse(schemas[type as CommandType], frame);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = v.getDotPath(issue) ?? 'type';
  return { malformed: `${field}: ${sentence(issue)}`, field, ...readId(id) };
}

function readId(id: unknown): { id?: string } {
  return v.is(messageId, id) ? { id } : {};
}

// Valibot's own sentences ("Invalid key: Expected …") are for programmers; ours stand in the schemas.
function sentence({ input, message }: v.BaseIssue<unknown>): string {
  if (!message.startsWith('Invalid ')) return message;
  return input === undefined ? 'This field is missing.' : 'This field is not what it must be.';
}

export function isMalformed(parsed: Command | MalformedCommand): parsed is MalformedCommand {
  return 'malformed' in parsed;
}
