import type { Costs } from '../cost.ts';
import { letIn, narrowMembers, peopleARoom } from '../load/costs-house.ts';
import { toRates, without } from '../usage.ts';
import { type Bench, order, rest } from './costs-bench.ts';

/** Milliseconds in which a room's news are gathered for those who do not look at it, and a little more. */
const noticeEvery = 600;

/** In rooms that nobody looks at: each that has news is asked for once, for all of its members who are connected. */
export async function measureNotices(
  { cluster, load, plan, house }: Bench,
  send: Costs['send'],
): Promise<Pick<Costs, 'notice'>> {
  const [wide, narrow] = [list('wide', house.wideRooms), list('narrow', house.narrowRooms)];
  await order(load, { kind: 'connect', crowd: 'talker', port: cluster.ports.near, people: ['talker'] });
  cluster.sql(letIn('talker', [...wide, ...narrow]));
  const { used: quiet } = await cluster.measure(() => rest(2));
  const say = async (rooms: string[]) => {
    const { used, result } = await cluster.measure(() =>
      order(load, { kind: 'say', crowd: 'talker', rooms, every: noticeEvery, milliseconds: 2 * plan.milliseconds }),
    );
    const spent = without(used, toRates(quiet));
    return {
      node: spent.near / result.count - send.node,
      postgres: spent.postgres / result.count - send.postgres,
    };
  };
  await say(narrow);
  const [many, few] = [await say(wide), await say(narrow)];
  const person = (who: 'node' | 'postgres') => (many[who] - few[who]) / (peopleARoom - narrowMembers);
  const people = { node: person('node'), postgres: person('postgres') };
  return {
    notice: {
      personNode: people.node,
      personPostgres: people.postgres,
      roomNode: Math.max(0, few.node - narrowMembers * people.node),
      roomPostgres: Math.max(0, few.postgres - narrowMembers * people.postgres),
    },
  };
}

function list(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${name}-${i}`);
}
