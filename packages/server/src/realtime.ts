import type { Role } from '@parlour/protocol/accounts';
import type { MemberEvent, Person, RoomEvent } from '@parlour/protocol/events';
import type { ServerFrame } from '@parlour/protocol/frames';
import type { Database } from './database/database.ts';
import type { Fanout, FanoutState, JsonValue } from './fanout/fanout.ts';
import { LookUp } from './look-up.ts';
import { HeadWatch } from './messages/head-watch.ts';
import { messageCommands } from './messages/message-commands.ts';
import type { MessageStore } from './messages/message-store.ts';
import type { SendMessage } from './messages/send-message.ts';
import { UnreadNews } from './messages/unread-news.ts';
import { UnreadNotices } from './messages/unread-notices.ts';
import { type NodeNews, readNodeNews } from './node-news.ts';
import { PresenceExchange } from './presence/presence-exchange.ts';
import { RoomPresence } from './presence/room-presence.ts';
import { readTyping, typingCommands } from './presence/typing.ts';
import { createRoomsOf } from './rooms/find-membership.ts';
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
  /** A committed event, to everybody whom it concerns, on every node. */
  publish(event: RoomEvent): void;
  /** Somebody has just ended a login or a membership: no node need wait for its next look at the log. */
  noticeRevocation(): void;
  /** Tells the person's own sockets that their read state moved. */
  noticeUnread(user: string, room: string): void;
  /** The person is called otherwise from now on. */
  rename(person: Person): void;
  /** Whether other nodes are reached, and why not. */
  readonly reach: FanoutState;
  start(): Promise<void>;
  /** Closes every socket, some at a time, so that they come back elsewhere one after another. Requests are still served. */
  drain(): Promise<void>;
  stop(): Promise<void>;
};

/** Wires what lives on sockets: who is connected, which rooms they have joined, and what reaches them from the fan-out. */
export function createRealtime(options: RealtimeOptions): Realtime {
  const { database, messages, fanout, sendMessage, clock, onError } = options;
  const { kysely } = database;
  const tellNodes = (news: NodeNews) => fanout.publishControl(news as JsonValue);
  const neighbours: PresenceExchange = new PresenceExchange({
    fanout,
    presence: () => presence,
    publishBeat: (beat) => tellNodes({ kind: 'beat', beat }),
  });
  const broadcast = (room: string, frame: ServerFrame, except?: string) =>
    channels.find(room)?.broadcast(frame, except);
  const presence = new RoomPresence({ broadcast, news: neighbours, begin: () => options.pace.begin() });
  const refuse = createRefuse(kysely);
  const channels = new Channels({
    log: messages,
    refuse,
    presence,
    watch: (room) => fanout.watch(room),
    unwatch: (room) => fanout.unwatch(room),
    onError,
  });
  const audience = new RoomAudience({ roomsOf: createRoomsOf(database) });

  const sockets = new SocketServer({
    ...options,
    commands: () => commands,
    revocations: new RevocationLog(database.urgent),
    onPersonEnter: (user) =>
      void audience.enter(user).catch((error: unknown) => {
        onError(error);
        looking.miss();
      }),
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
    listAudience: (room) => audience.list(room),
    isOnlooker: (user, room) => connections.isOnlooker(user, room),
    listUnread: (room, users) => messages.listUnread(room, users),
    notify,
    onError,
  });
  const members = new MemberNotices({ db: kysely, isConnected: (user) => connections.hasUser(user), notify, onError });
  const unreadNews = new UnreadNews({
    tellMessages: (rooms) => tellNodes({ kind: 'messages', rooms }),
    tellMarks: (marks) => tellNodes({ kind: 'marks', marks }),
  });
  const noticePerson = (user: string, room: string) => {
    if (connections.hasUser(user)) unread.noticePerson(user, room);
  };
  const noticeUnread = (user: string, room: string) => {
    noticePerson(user, room);
    unreadNews.marked(user, room);
  };
  const renameHere = ({ id, name }: Person) => {
    channels.forgetNames();
    for (const connection of connections.ofUser(id)) connection.rename(name);
  };
  const receiveMember = (event: MemberEvent) => {
    audience.receive(event);
    members.receive(event);
  };
  const commands = {
    ...roomCommands(channels),
    ...messageCommands({ sendMessage, messages, noticeUnread, refuse }),
    ...typingCommands({
      clock,
      broadcast: (room, frame, except) => {
        broadcast(room, frame, except);
        fanout.publishPresence(room, { kind: 'typing', user: frame.user });
      },
    }),
  };

  const hearNode = (news: NodeNews, node: string) => {
    if (news.kind === 'revoked') sockets.hurryRevocations();
    else if (news.kind === 'member') receiveMember(news.event);
    else if (news.kind === 'messages') for (const room of news.rooms) unread.noticeRoom(room);
    else if (news.kind === 'marks') for (const [user, room] of news.marks) noticePerson(user, room);
    else if (news.kind === 'renamed') renameHere(news.person);
    else if (news.kind === 'missed') {
      heads.forget();
      looking.miss();
    } else neighbours.hearBeat(node, news.beat);
  };

  fanout.listen({
    event: (event) => channels.receive(event),
    presence: (room, message, node) => {
      const typing = readTyping(message);
      if (typing === undefined) return neighbours.hear(room, message, node);
      broadcast(room, { type: 'typing', room, user: typing }, typing.id);
      return true;
    },
    control: (message, node) => {
      const news = readNodeNews(message);
      if (news !== undefined) hearNode(news, node);
      return news !== undefined;
    },
    onHearing: (rooms) => void channels.checkHeads(rooms).catch(onError),
    // Whatever was said meanwhile is lost here: it is looked up, and presence is told and asked for anew.
    onReconnect: () => {
      sockets.hurryRevocations();
      neighbours.renew();
      heads.forget();
      looking.hurry();
    },
    onDropped: () => tellNodes({ kind: 'missed' }),
  });
  const heads = new HeadWatch({
    listRooms: () => audience.listRooms(),
    readHeads: (rooms) => messages.readHeads(rooms),
    onMoved: (room) => unread.noticeRoom(room),
  });
  const looking = new LookUp({
    // What other nodes would have told of rooms that are not joined here; `channels` looks after those that are.
    look: async () => {
      await audience.refresh();
      await heads.check();
    },
    isAlone: () => fanout.state.name === 'degraded',
    onError,
  });

  return {
    sockets,
    publish: (event) => {
      fanout.publish(event);
      if (event.event === 'message') {
        unread.noticeRoom(event.room);
        unreadNews.messageIn(event.room);
      } else {
        receiveMember(event);
        tellNodes({ kind: 'member', event });
      }
    },
    noticeRevocation: () => {
      sockets.hurryRevocations();
      tellNodes({ kind: 'revoked' });
    },
    noticeUnread,
    rename: (person) => {
      renameHere(person);
      tellNodes({ kind: 'renamed', person });
    },
    get reach() {
      return fanout.state;
    },
    start: async () => {
      await sockets.start();
      channels.start();
      neighbours.start();
      looking.start();
    },
    drain: () => sockets.drain(),
    stop: async () => {
      channels.stop();
      looking.stop();
      await sockets.stop();
      unreadNews.close();
      neighbours.stop();
      presence.close();
      unread.close();
    },
  };
}
