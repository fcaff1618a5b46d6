import type { BrokerCounts } from '../bench-cluster.ts';
import { letIn, listLoudRooms } from '../load/costs-house.ts';
import { median } from '../statistics.ts';
import { type Measured, type Rates, without } from '../usage.ts';
import { type Bench, order, rest } from './costs-bench.ts';
import { measureReads } from './measure-reads.ts';
import { measureStored } from './measure-stored.ts';

type Sends = { rounds: { used: Measured; count: number }[]; messages: BrokerCounts; count: number };

/** Seconds after which the other node has been told that somebody came into all of their rooms. */
const welcome = 1.5;

/**
 * The same traffic in one room and in rooms of many shards, unheard and heard on the far node. Every tick's events of a
 * shard are one broker message, so what a message costs shows between the two.
 */
export async function measureSends({ cluster, load, plan, house }: Bench, idle: Rates) {
  const rooms = listLoudRooms(house.loudRooms);
  const [one = ''] = rooms;
  const people = Array.from({ length: plan.senders }, () => 'talker');
  await order(load, { kind: 'connect', crowd: 'talker', port: cluster.ports.near, people });
  // Only now, so that their node does not know them for members and tells them nothing of what is unread.
  cluster.sql(letIn('talker', rooms) + letIn('hearer', rooms));
  const run = async (places: string[], rounds = plan.rounds): Promise<Sends> => {
    const [before, from] = [await cluster.countMessages(), performance.now()];
    const done: Sends['rounds'] = [];
    for (let i = 0; i < rounds; i += 1) {
      const { used, result } = await cluster.measure(() =>
        order(load, { kind: 'send', crowd: 'talker', rooms: places, milliseconds: plan.milliseconds }),
      );
      done.push({ used: without(used, idle), count: result.count });
    }
    const [after, seconds] = [await cluster.countMessages(), (performance.now() - from) / 1_000];
    const count = done.reduce((sum, round) => sum + round.count, 0);
    // Two pings a second of each node, and its beat every other second, which the other hears too.
    const messages = {
      published: after.published - before.published - 5 * seconds,
      delivered: after.delivered - before.delivered - 6 * seconds,
    };
    return { rounds: done, messages, count };
  };
  const stored = await measureStored(cluster, async () => {
    const warmUp = await run(rooms, 1);
    const [narrow, wide] = [await run([one]), await run(rooms)];
    await order(load, { kind: 'connect', crowd: 'hearer', port: cluster.ports.far, people: ['hearer'] });
    await order(load, { kind: 'join', crowd: 'hearer', rooms });
    await rest(welcome);
    const [heardNarrow, heardWide] = [await run([one]), await run(rooms)];
    let count = [warmUp, narrow, wide, heardNarrow, heardWide].reduce((sum, sends) => sum + sends.count, 0);
    while (count < plan.messages)
      count += (await order(load, { kind: 'send', crowd: 'talker', rooms, milliseconds: plan.milliseconds })).count;
    return { narrow, wide, heardNarrow, heardWide, count };
  });
  const { narrow, wide, heardNarrow, heardWide } = stored.result;
  await order(load, { kind: 'hangUp', crowd: 'hearer' });
  const marks = await measureReads({ cluster, load, plan }, one, idle);
  await order(load, { kind: 'hangUp', crowd: 'talker' });

  const published = (sends: Sends) => sends.messages.published / sends.count;
  const delivered = (sends: Sends) => sends.messages.delivered / sends.count;
  const near = split([narrow, wide, heardNarrow, heardWide], published, 'near');
  const far = split([heardNarrow, heardWide], delivered, 'far');
  const unheard = perSend(wide, 'broker') / published(wide);
  return {
    send: { node: near.each, postgres: perSend(wide, 'postgres'), postgresOneRoom: perSend(narrow, 'postgres') },
    publish: { node: near.message, broker: unheard, eventsAMessage: 1 / published(wide) },
    receive: {
      node: far.message,
      broker: Math.max(0, (perSend(heardWide, 'broker') - unheard * published(heardWide)) / delivered(heardWide)),
    },
    eventAndDelivery: far.each,
    stored: { bytes: stored.bytes, log: stored.log },
    marks,
  };
}

function perSend(sends: Sends, who: keyof Rates): number {
  return median(sends.rounds.map(({ used, count }) => used[who] / count));
}

/** Two kinds of runs with few and many messages a send: what a message costs, and what each send does besides. */
function split(runs: Sends[], messages: (sends: Sends) => number, who: 'near' | 'far') {
  const few = runs.filter((_, i) => i % 2 === 0);
  const many = runs.filter((_, i) => i % 2 === 1);
  const mean = (of: Sends[], value: (sends: Sends) => number) => of.reduce((sum, x) => sum + value(x), 0) / of.length;
  const [x1, x2] = [mean(few, messages), mean(many, messages)];
  const [y1, y2] = [mean(few, (x) => perSend(x, who)), mean(many, (x) => perSend(x, who))];
  const message = Math.max(0, (y2 - y1) / (x2 - x1));
  return { message, each: Math.max(0, y1 - message * x1) };
}
