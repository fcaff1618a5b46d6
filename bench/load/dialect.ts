import type { Member, TextListener } from './member.ts';

/** How one of the servers is spoken to. */
export type Dialect = {
  path: string;
  /** What the socket's upgrade offers. */
  protocols(member: number): Promise<string | undefined>;
  /** Brings an opened socket into the room. */
  enter(socket: Member, member: number): Promise<void>;
  /** The text frame that says this body to the room. */
  encode(body: string): string;
  /** Whether a text frame is such a message coming back, told from as few bytes as possible. */
  isMessage: TextListener<boolean>;
  /** What the server wants to be answered at once, if this frame is such a thing. */
  answer?: TextListener<string | undefined>;
};

const code = (character: string) => character.charCodeAt(0);

export const plainWs: Dialect = {
  path: '/',
  protocols: async () => undefined,
  enter: async () => undefined,
  encode: (body) => body,
  isMessage: () => true,
};

/** Engine.IO 4 with Socket.IO 5 on top: `0` open, `2` ping, `3` pong, `40` connect, `42` event. */
export const socketIo: Dialect = {
  path: '/socket.io/?EIO=4&transport=websocket',
  protocols: async () => undefined,
  enter: async (socket) => {
    await socket.next('0');
    socket.send('40');
    await socket.next('40');
  },
  encode: (body) => `42${JSON.stringify(['message', body])}`,
  isMessage: (data, start) => data[start] === code('4') && data[start + 1] === code('2'),
  answer: (data, start, end) => (end - start === 1 && data[start] === code('2') ? '3' : undefined),
};
