import type { Dialect } from './dialect.ts';

const code = (character: string) => character.charCodeAt(0);
const lineFeed = 10;
const nameRoom = (room: number) => `room.${room}`;
const lines = (...parts: string[]) => Buffer.from(parts.map((part) => `${part}\r\n`).join(''));

/**
 * The client protocol of NATS in binary frames, of which one holds whatever was ready: `INFO`, `PING`, `PONG`, `-ERR`, and
 * `MSG <subject> <sid> <bytes>` with its payload on a line of its own.
 */
export const nats: Dialect = {
  path: '/',
  protocols: async () => undefined,
  enter: async (socket, _member, rooms = [0]) => {
    await socket.next('INFO');
    const settings = JSON.stringify({ verbose: false, pedantic: false, echo: true, lang: 'bench', version: '1' });
    socket.send(lines(`CONNECT ${settings}`, ...rooms.map((room, i) => `SUB ${nameRoom(room)} ${i + 1}`), 'PING'));
    await socket.next('PONG');
  },
  encode: (body, room = 0) => lines(`PUB ${nameRoom(room)} ${Buffer.byteLength(body)}`, body),
  split: (data, start, end, take) => {
    for (let at = start; at < end; ) {
      const line = data.indexOf(lineFeed, at) + 1;
      const next = data[at] === code('M') ? line + readSize(data, line - 3) + 2 : line;
      take(data, at, next);
      at = next;
    }
  },
  isMessage: (data, start) => data[start] === code('M'),
  isError: (data, start) => data[start] === code('-'),
  // The server asks a new client once, and then not before it has been silent for longer than a benchmark takes.
  answer: (data, start) => (data[start] === code('P') && data[start + 1] === code('I') ? 'PONG\r\n' : undefined),
};

/** The number whose last digit stands here. */
function readSize(data: Buffer, last: number): number {
  let size = 0;
  for (let at = last, factor = 1; data[at] !== code(' '); at -= 1, factor *= 10) {
    size += ((data[at] ?? 0) - code('0')) * factor;
  }
  return size;
}
