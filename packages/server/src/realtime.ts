import type { Role } from '@parlour/protocol/accounts';
import type { Person } from '@parlour/protocol/events';
import type { Database } from './database/database.ts';
import type { Fanout } from './fanout/fanout.ts';
import { messageCommands } from './messages/message-commands.ts';
import type { MessageStore } from './messages/message-store.ts';
import type { SendMessage } from './messages/send-message.ts';
import { UnreadNotices } from './messages/unread-notices.ts';
import { RoomPresence } from './presence/room-presence.ts';
import { typingCommands } from './presence/typing.ts';
import { roomsOf } from './rooms/find-membership.ts';
import { createRefuse } from './rooms/find-room.ts';
import { MemberNotices } from './rooms/member-notices.ts';
import { RoomAudience } from './rooms/room-audience.ts';
import { roomCommands } from './rooms/room-commands.ts';
import { Channels } from './sockets/channels.ts';
import { RevocationLog } from './sockets/revocation-log.ts';
import { SocketServer, type SocketServerOptions } from './sockets/socket-server.ts';

export type RealtimeOptions = Omit<
  SocketServerOptions,
  'commands' | 'revocations' | 'onPersonEnter' | 'onPersonLeave' | 'onEnd' | 'onMembershipEnded' | 'onRoleChanged'
> & {
  database: Database;
  messages: MessageStore;
  fanout: Fanout;
  sendMessage: SendMessage;
};

export type Realtime = {
  sockets: SocketServer;
  /** Tells the person's own sockets that their read state moved. */
  noticeUnread(user: string, room: string): void;
  /** The person is called otherwise from now on. */
  rename(person: Person): void;
  start(): Promise<void>;
  stop(): Promise<void>;
};

/** Wires what lives on sockets: who is connected, which rooms they have joined, and what reaches them from the fan-out. */
export function createRealtime(options: RealtimeOptions): Realtime {
  const { database, messages, fanout, sendMessage, clock, onError } = options;
  const { kysely } = database;
  const presence = new RoomPresence({ broadcast: (room, frame) => channels.find(room)?.broadcast(frame) });
  const refuse = createRefuse(kysely);
  const channels = new Channels({ log: messages, refuse, presence, onError });
  const audience = new RoomAudience((user) => roomsOf(kysely, user));

  const sockets = new SocketServer({
    ...options,
    commands: () => commands,
    revocations: new RevocationLog(database.urgent),
    onPersonEnter: (user) => audience.enter(user).catch(onError),
    onPersonLeave: (user) => audience.leave(user),
    onEnd: (connection) => channels.drop(connection),
    onMembershipEnded: (user, room) => channels.find(room)?.revalidate(user),
    // What one may do is looked up at each act; the pages only need to know which of them to show.
    onRoleChanged: (user, role) => {
      for (const connection of connections.ofUser(user))
        connection.deliver({ type: 'self', kind: 'role', role: role as Role });
    },
  });
  const { connections } = sockets;
  const notify = connections.notify.bind(connections);
  const unread = new UnreadNotices({
    listOnlookers: (room) => audience.list(room).filter((user) => connections.isOnlooker(user, room)),
    listUnread: (room, users) => messages.listUnread(room, users),
    notify,
    onError,
  });
  const members = new MemberNotices({ db: kysely, isConnected: (user) => connections.hasUser(user), notify, onError });
  const noticeUnread = (user: string, room: string) => unread.noticePerson(user, room);
  const commands = {
    ...roomCommands(channels),
    ...messageCommands({ sendMessage, messages, noticeUnread, refuse }),
    ...typingCommands({ clock, broadcast: (room, frame, except) => channels.find(room)?.broadcast(frame, except) }),
  };

  fanout.listen({
    event: (event) => {
      channels.receive(event);
      audience.receive(event);
      members.receive(event);
      unread.receive(event);
    },
  });

  return {
    sockets,
    noticeUnread,
    rename: ({ id, name }) => {
      for (const connection of connections.ofUser(id)) connection.rename(name);
    },
    start: async () => {
      await sockets.start();
      channels.start();
    },
    stop: async () => {
      channels.stop();
      await sockets.stop();
      presence.close();
      unread.close();
    },
  };
}
