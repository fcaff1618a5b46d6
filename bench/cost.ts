/** Microseconds of processor time where nothing else is said, each for one of what it is named after. */
export type Costs = {
  /** An acknowledged message, without what tells other nodes. */
  send: { node: number; postgres: number; postgresOneRoom: number };
  /** To one socket: the only one in its tick, or one of several. */
  delivery: { alone: number; together: number };
  /** A broker message, at the node that publishes it and at the broker that takes it. */
  publish: { node: number; broker: number; eventsAMessage: number };
  /** A broker message to one node: there, at the broker, and what each event in it adds there. */
  receive: { node: number; broker: number; event: number };
  /** A room marked as read, with what tells other nodes; `receiver` is each of those. */
  marks: { node: number; postgres: number; broker: number; receiver: number };
  /** What tells those who do not look at a room with news: once for the room on a node, and for each of them. */
  notice: { roomNode: number; roomPostgres: number; personNode: number; personPostgres: number };
  /** From a cookie to a socket that has joined a room. */
  connect: { node: number; postgres: number };
  /** Authenticated, in one room, idle. */
  socket: { bytes: number; cpuAMinute: number };
  /** A node without sockets. */
  node: { bytes: number };
  /** What a node with nobody on it does, a second: at itself, the database and the broker. */
  loops: { node: number; postgres: number; broker: number };
  /** A room's head, looked at once. */
  heads: { node: number; postgres: number };
  /** Bytes that a message of 200 bytes takes, indexes included, and those written to the database's log for it. */
  stored: { bytes: number; log: number };
};
