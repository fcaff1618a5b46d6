// The load generator of the cluster: a process with all sockets of one house, on one node or two.
import { readBusyTime } from './busy-time.ts';
import { Conversation, type Latencies, type Pace } from './conversation.ts';
import type { Crowd, CrowdPlan } from './crowd.ts';
import { sendInOwnRooms } from './own-room-sends.ts';
import { gatherParlour } from './parlour-crowd.ts';
import { gatherSocketIo } from './socket-io-crowd.ts';

export type ClusterOrder =
  /** Some say something to the room at the same time, and again and again, whoever has heard it. */
  | ({ kind: 'speak' } & Pace)
  /** Everybody in a room of their own sends, and again once that was acknowledged. */
  | { kind: 'send'; milliseconds: number };

export type ClusterDone = {
  messages: number;
  latencies: Latencies;
  /** How much of the time this process was busy: near 1, it and not the server sets the pace. */
  loadShare: number;
};

async function obey(crowd: Crowd, order: ClusterOrder): Promise<Omit<ClusterDone, 'loadShare'>> {
  if (order.kind === 'send')
    return { messages: await sendInOwnRooms(crowd.senders, order.milliseconds), latencies: { near: [], far: [] } };
  const conversation = new Conversation(crowd, crowd.dialect);
  await conversation.speak(order);
  const { messages, latencies } = conversation;
  return { messages, latencies };
}

async function measure(crowd: Crowd, order: ClusterOrder): Promise<ClusterDone> {
  const [before, from] = [readBusyTime(), performance.now()];
  const done = await obey(crowd, order);
  return { ...done, loadShare: (readBusyTime() - before) / 1_000 / (performance.now() - from) };
}

process.on('disconnect', () => process.exit(0));
const [kind, plan = ''] = process.argv.slice(2);
const gather = kind === 'socket-io' ? gatherSocketIo : gatherParlour;
const crowd = await gather(JSON.parse(plan) as CrowdPlan);
process.on('message', (order: ClusterOrder) => {
  void measure(crowd, order).then((done) => process.send?.(done));
});
process.send?.({ ready: true });
