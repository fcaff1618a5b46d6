import type { Costs } from './cost.ts';
import type { UseProfile } from './use-profile.ts';

/** What one machine of each kind is trusted with. */
export type ScaleLimits = {
  /** Of a node's one core, and of the database's and the broker's cores: the share used at the busiest hour. */
  share: number;
  nodeBytes: number;
  /** Sockets whose people come back within `comeBack` seconds when a node dies. */
  socketsANode: number;
  postgresCores: number;
  postgresConnections: number;
  connectionsANode: number;
  postgresDisk: number;
  brokerCores: number;
  /** Messages a second that one queue gives to one node: it is one process of the broker's. */
  queueMessages: number;
  shards: number;
  /** Seconds from one commit of a node to the next: what is said meanwhile shares its messages to the broker. */
  commit: number;
  headChecks: number;
  /** How often a second a node tells what may have become unread, and what was read: what comes meanwhile goes together. */
  tellings: number;
};

export const limitsOfOneHouse: ScaleLimits = {
  share: 0.6,
  nodeBytes: 4 * 1024 ** 3,
  socketsANode: 20_000,
  postgresCores: 64,
  postgresConnections: 1_000,
  connectionsANode: 13,
  postgresDisk: 16e12,
  brokerCores: 16,
  queueMessages: 20_000,
  shards: 256,
  commit: 0.005,
  headChecks: 1,
  tellings: 4,
};

/** A second, in the busiest hour, over the whole house. */
export type Traffic = {
  sockets: number;
  messages: number;
  reads: number;
  /** Writes that the database commits: messages, marks, tickets made and used. */
  writes: number;
  deliveries: number;
  /** What is not kept, to the same people: who types, and who came and went. */
  passing: number;
  /** Of a message's members who are connected, those who look at the room and those who do not. */
  readers: number;
  onlookers: number;
  /** Nodes that ask the database what is unread where somebody does not look, once for each message. */
  noticeRooms: number;
  noticePeople: number;
  connects: number;
  /** To the broker: events, presence and typing by shards; to everybody what is unread and was read, many in one. */
  shardMessages: number;
  controlMessages: number;
  brokerDeliveries: number;
  /** Pairs of a node and a room that somebody there has joined: what is compared with the database each second. */
  roomsServed: number;
};

export type Load = { name: string; used: number; of: number };

export type ScaleAnswer = Traffic & {
  people: number;
  /** Whether the nodes are enough; otherwise no number of them is, and these would be, did others tell them nothing. */
  isEnough: boolean;
  nodes: number;
  nodeMemory: number;
  /** Cores that one node uses for what it is told by others, whoever is on it. */
  fanInCores: number;
  fanIn: number;
  bindingsANode: number;
  postgresCores: number;
  /** The part of it that asks what is new though nothing need be. */
  pollingCores: number;
  noticeCores: number;
  brokerCores: number;
  diskAYear: number;
  /** Bytes a second: to the sockets, and to the nodes from the broker. */
  toSockets: number;
  toNodes: number;
  /** What is used of what there is, the most strained first. */
  loads: Load[];
};

const hour = 3_600;
/** A frame with a message of 200 bytes, and one that tells who types, came or went. */
const frameBytes = 420;
const passingBytes = 150;
/** What a process took of the machine for a socket, 21 to 41 KiB, was up to six times what its objects hold. */
const garbage = 6;
const mostNodes = 20_000;

/** What a house of so many connected people asks for, with as many nodes as it needs. */
export function reckon(people: number, use: UseProfile, costs: Costs, limits = limitsOfOneHouse): ScaleAnswer {
  const traffic = (nodes: number) => reckonTraffic(people, nodes, use, limits);
  // What nodes do for their own people can be spread over more of them; what the others tell each of them cannot.
  const least = fewest(1, (nodes) => fits(useOfANode(traffic(nodes), nodes, costs), limits, 'own'));
  const enough = fewest(least, (nodes) => fits(useOfANode(traffic(nodes), nodes, costs), limits, 'all'));
  const nodes = enough > mostNodes ? least : enough;
  return answerFor(people, nodes, use, costs, limits, enough <= mostNodes);
}

function fewest(from: number, isEnough: (nodes: number) => boolean): number {
  let nodes = from;
  while (nodes <= mostNodes && !isEnough(nodes)) nodes = Math.ceil(nodes * 1.02 + 0.5);
  return nodes;
}

/** Everything that happens in a second, with so many nodes. */
export function reckonTraffic(people: number, nodes: number, use: UseProfile, limits = limitsOfOneHouse): Traffic {
  const a = (perHour: number) => (people * perHour) / hour;
  const messages = a(use.messages);
  const rooms = use.rooms.map((room) => spread(people, nodes, use, room));
  const mean = (value: (room: Spread) => number) =>
    rooms.reduce((sum, room, i) => sum + (use.rooms[i]?.messages ?? 0) * value(room), 0);
  const readers = mean((room) => room.readers);
  const onlookers = mean((room) => room.onlookers);
  const connects = people * use.devices * (use.reconnects / hour);
  const passing = a(use.typings) + 2 * a(use.roomChanges);
  const shardItems = messages + passing;
  const shardMessages = shardItems / eventsAMessage(shardItems / nodes, limits);
  const told = (aSecond: number) => Math.min(aSecond, nodes * limits.tellings);
  const controlMessages = told(messages) + told(a(use.reads)) + nodes / 2;
  const bound = boundShare(people, nodes, use, limits);
  return {
    sockets: people * use.devices,
    messages,
    reads: a(use.reads),
    writes: messages + a(use.reads) + 2 * connects,
    deliveries: messages * readers * use.devices,
    passing: passing * readers * use.devices,
    readers,
    onlookers,
    noticeRooms: messages * mean((room) => room.onlookerNodes),
    noticePeople: messages * onlookers,
    connects,
    shardMessages,
    controlMessages,
    brokerDeliveries: shardMessages * nodes * bound + controlMessages * nodes,
    roomsServed: rooms.reduce((sum, room) => sum + room.served, 0),
  };
}

type Spread = { readers: number; onlookers: number; onlookerNodes: number; served: number };

/** One kind of room: who is connected of it, and on how many nodes. */
function spread(people: number, nodes: number, use: UseProfile, room: UseProfile['rooms'][number]): Spread {
  const members = Math.min(room.members, people / use.connected);
  const connected = members * use.connected;
  const readers = connected * room.looking;
  const rooms = ((people / use.connected) * use.memberships * room.memberships) / members;
  const joins = people * use.devices * use.joined * room.memberships;
  return {
    readers,
    onlookers: connected - readers,
    onlookerNodes: spreadOver(connected - readers, nodes),
    served: rooms * spreadOver(joins / rooms, nodes),
  };
}

/** On how many of so many places one finds somebody, when so many come to one at random each. */
export function spreadOver(comers: number, places: number): number {
  // What is less than one comer is somebody who is there only part of the time.
  return comers < 1 ? comers : places * (1 - (1 - 1 / places) ** comers);
}

function eventsAMessage(aSecondANode: number, { shards, commit }: ScaleLimits): number {
  const together = aSecondANode * commit;
  return together <= 1 ? 1 : together / spreadOver(together, shards);
}

/** Of all shards, those that a node binds: of every room that somebody connected to it has joined. */
function boundShare(people: number, nodes: number, use: UseProfile, { shards }: ScaleLimits): number {
  return spreadOver((people / nodes) * use.devices * use.joined, shards) / shards;
}

type NodeUse = { cores: number; fanInCores: number; fanIn: number; bytes: number; sockets: number };

function useOfANode(t: Traffic, nodes: number, costs: Costs): NodeUse {
  const { send, delivery, publish, receive, marks, notice, connect, socket, loops, heads, node } = costs;
  const own =
    t.messages * send.node +
    (t.deliveries + t.passing) * delivery.alone +
    t.shardMessages * publish.node +
    t.reads * marks.node +
    t.noticeRooms * notice.roomNode +
    t.noticePeople * notice.personNode +
    t.connects * connect.node +
    (t.sockets * socket.cpuAMinute) / 60 +
    t.roomsServed * heads.node;
  const fanIn = t.brokerDeliveries / nodes;
  // What was measured while messages came thick and fast: a node that is told little pays more for each, and can.
  const fanInCost = fanIn * (receive.node + receive.event) + (t.messages + t.reads) * marks.receiver;
  return {
    cores: (own / nodes + fanInCost + loops.node) / 1e6,
    fanInCores: fanInCost / 1e6,
    fanIn,
    bytes: node.bytes + (t.sockets / nodes) * socket.bytes * garbage,
    sockets: t.sockets / nodes,
  };
}

function fits({ cores, fanInCores, bytes, sockets }: NodeUse, limits: ScaleLimits, what: 'own' | 'all'): boolean {
  const used = what === 'all' ? cores : cores - fanInCores;
  return used <= limits.share && bytes <= limits.nodeBytes && sockets <= limits.socketsANode;
}

function answerFor(
  people: number,
  nodes: number,
  use: UseProfile,
  costs: Costs,
  limits: ScaleLimits,
  isEnough: boolean,
): ScaleAnswer {
  const t = reckonTraffic(people, nodes, use, limits);
  const { fanIn, fanInCores, bytes } = useOfANode(t, nodes, costs);
  const { send, publish, receive, marks, notice, connect, loops, heads, stored } = costs;
  const pollingCores = (nodes * loops.postgres + t.roomsServed * limits.headChecks * heads.postgres) / 1e6;
  const noticeCores = (t.noticeRooms * notice.roomPostgres + t.noticePeople * notice.personPostgres) / 1e6;
  const writing = t.messages * send.postgres + t.reads * marks.postgres + t.connects * connect.postgres;
  const postgresCores = writing / 1e6 + pollingCores + noticeCores;
  const broker = (t.shardMessages + t.controlMessages) * publish.broker + t.brokerDeliveries * receive.broker;
  const brokerCores = (broker + nodes * loops.broker) / 1e6;
  const diskAYear = t.messages * hour * use.busyHours * use.busyDays * stored.bytes;
  const loads = [
    { name: 'a node’s fan-in', used: fanInCores, of: limits.share },
    { name: 'a broker queue', used: fanIn, of: limits.queueMessages },
    { name: 'broker cores', used: brokerCores, of: limits.brokerCores * limits.share },
    { name: 'database cores', used: postgresCores, of: limits.postgresCores * limits.share },
    { name: 'connections', used: nodes * limits.connectionsANode, of: limits.postgresConnections },
    { name: 'disk in a year', used: diskAYear, of: limits.postgresDisk },
  ];
  return {
    ...t,
    people,
    nodes,
    isEnough,
    nodeMemory: bytes,
    fanInCores,
    fanIn,
    bindingsANode: 2 * limits.shards * boundShare(people, nodes, use, limits),
    postgresCores,
    pollingCores,
    noticeCores,
    brokerCores,
    diskAYear,
    toSockets: t.deliveries * frameBytes + t.passing * passingBytes,
    toNodes: t.brokerDeliveries * frameBytes,
    loads: loads.sort((a, b) => b.used / b.of - a.used / a.of),
  };
}
