import type { Channels } from '../sockets/channels.ts';
import type { CommandTable } from '../sockets/peer.ts';

/** `join` and `leave` only subscribe and unsubscribe this socket; becoming a member is HTTP. */
export function roomCommands(channels: Channels): Pick<CommandTable, 'join' | 'leave'> {
  return {
    join: (peer, { room, after }) => channels.join(peer, room, after),
    leave: async (peer, { room }) => channels.leave(peer, room),
  };
}
