import type { Member, TextListener } from './member.ts';

/** How one of the servers is spoken to. Members and rooms are known by their numbers, from 0 on. */
export type Dialect = {
  path: string;
  /** What the socket's upgrade offers. */
  protocols(member: number): Promise<string | undefined>;
  /** Brings an opened socket into its rooms. */
  enter(socket: Member, member: number, rooms?: readonly number[]): Promise<void>;
  /** The frame that says this body to a room, and asks for an acknowledgement if the server gives one only when asked. */
  encode(body: string, room?: number, isAcknowledged?: boolean): string | Buffer;
  /** Finds what a frame holds, where that may be several things. */
  split?(data: Buffer, start: number, end: number, take: TextListener<void>): void;
  /** Whether a frame is a room's message, told from as few bytes as possible. */
  isMessage: TextListener<boolean>;
  isAcknowledgement?: TextListener<boolean>;
  /** Whether the server complains. */
  isError?: TextListener<boolean>;
  /** What the server wants to be answered at once, if this frame is such a thing. */
  answer?: TextListener<string | undefined>;
};

const code = (character: string) => character.charCodeAt(0);
const nameRoom = (room: number) => `room-${room}`;

/** Also what the bare server on Bun speaks, but that it is told the room first. */
export const plainWs: Dialect = {
  path: '/',
  protocols: async () => undefined,
  enter: async () => undefined,
  encode: (body) => body,
  isMessage: () => true,
};

/** A socket of the bare server is in one room. */
export const bun: Dialect = {
  ...plainWs,
  enter: async (socket, _member, [room = 0] = []) => {
    socket.send(nameRoom(room));
    await socket.next(nameRoom(room));
  },
};

/** What a socket of nchan's publishes is confirmed to it by a text of several lines. */
export const nchan: Dialect = {
  ...plainWs,
  path: '/room',
  isMessage: (data, start) => data[start] === code('#'),
};

/** Engine.IO 4 with Socket.IO 5 on top: `0` open, `2` ping, `3` pong, `40` connect, `42` event, `43` acknowledgement. */
export const socketIo: Dialect = {
  path: '/socket.io/?EIO=4&transport=websocket',
  protocols: async () => undefined,
  enter: async (socket, _member, rooms = [0]) => {
    await socket.next('0');
    socket.send('40');
    await socket.next('40');
    for (const room of rooms) {
      socket.send(`420${JSON.stringify(['join', nameRoom(room)])}`);
      await socket.next('430');
    }
  },
  encode: (body, room = 0, isAcknowledged = false) =>
    `42${isAcknowledged ? '1' : ''}${JSON.stringify(['message', nameRoom(room), body])}`,
  isMessage: (data, start) => data[start] === code('4') && data[start + 1] === code('2'),
  isAcknowledgement: (data, start) => data[start] === code('4') && data[start + 1] === code('3'),
  answer: (data, start, end) => (end - start === 1 && data[start] === code('2') ? '3' : undefined),
};
