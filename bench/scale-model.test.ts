import { expect, test } from 'vitest';
import type { Costs } from './cost.ts';
import { limitsOfOneHouse, reckon, reckonTraffic, spreadOver } from './scale-model.ts';
import { workday } from './use-profile.ts';

const costs: Costs = {
  send: { node: 40, postgres: 40, postgresOneRoom: 40 },
  delivery: { alone: 10, together: 1 },
  publish: { node: 10, broker: 20, eventsAMessage: 1 },
  receive: { node: 10, broker: 10, event: 5 },
  marks: { node: 100, postgres: 100, broker: 20, receiver: 10 },
  notice: { roomNode: 100, roomPostgres: 100, personNode: 5, personPostgres: 10 },
  connect: { node: 1_000, postgres: 500 },
  socket: { bytes: 20_000, cpuAMinute: 100 },
  node: { bytes: 100_000_000 },
  loops: { node: 5_000, postgres: 1_000, broker: 1_000 },
  heads: { node: 2, postgres: 10 },
  stored: { bytes: 500, log: 800 },
};
const sizes = [1_000, 10_000, 100_000, 1_000_000, 10_000_000];

test('the shares of the profile make a whole', () => {
  const total = (of: 'messages' | 'memberships') => workday.rooms.reduce((sum, room) => sum + room[of], 0);
  expect(total('messages')).toBeCloseTo(1);
  expect(total('memberships')).toBeCloseTo(1);
});

test('whoever is connected either looks or does not, and is counted once', () => {
  const { readers, onlookers } = reckonTraffic(100_000, 10, workday);
  const connected = workday.rooms.reduce((sum, room) => sum + room.messages * room.members * workday.connected, 0);
  expect(readers + onlookers).toBeCloseTo(connected);
});

test('a message reaches each reader’s devices, and no more', () => {
  const { messages, readers, deliveries } = reckonTraffic(100_000, 10, workday);
  expect(deliveries).toBeCloseTo(messages * readers * workday.devices);
});

test('more nodes change neither what is said nor what is delivered, only what they tell each other', () => {
  const [few, many] = [reckonTraffic(100_000, 5, workday), reckonTraffic(100_000, 50, workday)];
  for (const same of ['sockets', 'messages', 'writes', 'deliveries', 'connects'] as const)
    expect(many[same]).toBe(few[same]);
  expect(many.brokerDeliveries).toBeGreaterThan(few.brokerDeliveries);
  expect(many.roomsServed).toBeGreaterThan(few.roomsServed);
  const joins = few.sockets * workday.joined;
  expect(many.roomsServed).toBeLessThanOrEqual(joins);
});

test('no broker message reaches a node twice', () => {
  const nodes = 7;
  const { shardMessages, controlMessages, brokerDeliveries } = reckonTraffic(50_000, nodes, workday);
  expect(brokerDeliveries).toBeLessThanOrEqual((shardMessages + controlMessages) * nodes);
});

test('a house of one node hears each room once', () => {
  expect(spreadOver(50, 1)).toBe(1);
  expect(spreadOver(0.2, 10)).toBe(0.2);
  expect(spreadOver(1e6, 10)).toBeCloseTo(10);
});

test('more people never ask for less', () => {
  const answers = sizes.map((people) => reckon(people, workday, costs));
  for (const [i, larger] of answers.entries()) {
    const smaller = answers[i - 1];
    if (smaller === undefined) continue;
    for (const what of ['messages', 'deliveries', 'writes', 'diskAYear', 'postgresCores', 'brokerCores'] as const)
      expect(larger[what], what).toBeGreaterThan(smaller[what]);
    expect(larger.nodes).toBeGreaterThanOrEqual(smaller.nodes);
  }
});

test('what breaks first is named, and is what is scarce', () => {
  const disk = reckon(10_000, workday, costs, { ...limitsOfOneHouse, postgresDisk: 1e6 });
  expect(disk.loads[0]?.name).toBe('disk in a year');
  const queue = reckon(10_000, workday, costs, { ...limitsOfOneHouse, queueMessages: 1 });
  expect(queue.loads[0]?.name).toBe('a broker queue');
  for (const { loads } of sizes.map((people) => reckon(people, workday, costs))) {
    const strains = loads.map(({ used, of }) => used / of);
    expect(strains).toEqual([...strains].sort((a, b) => b - a));
  }
});

test('where every node is kept busy by what the others say, no number of them is enough', () => {
  const dear = { ...costs, receive: { ...costs.receive, event: 5_000 } };
  const answer = reckon(100_000, workday, dear);
  expect(answer.isEnough).toBe(false);
  expect(answer.loads[0]?.name).toBe('a node’s fan-in');
});
