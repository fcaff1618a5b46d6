import type { CommandTable } from '../sockets/peer.ts';
import { type ReadRoomDeps, readRoom } from './read-room.ts';
import type { SendMessage } from './send-message.ts';

/** The socket's table of this feature: each row only translates. */
export function messageCommands(
  deps: { sendMessage: SendMessage } & ReadRoomDeps,
): Pick<CommandTable, 'send' | 'read'> {
  return {
    send: async (peer, { id, room, body, data }) => {
      const { seq, at } = await deps.sendMessage(peer.user, { id, room, body, data }, peer.lane);
      peer.deliver({ type: 'ack', id, room, seq, at });
    },
    read: async (peer, { room, seq }) => {
      await readRoom(deps, peer.user, room, seq);
    },
  };
}
