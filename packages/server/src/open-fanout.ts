import { randomUUID } from 'node:crypto';
import type { Config } from './config.ts';
import type { Fanout } from './fanout/fanout.ts';
import { MemoryFanout } from './fanout/memory-fanout.ts';
import type { Log } from './log.ts';

/** How committed events reach the other nodes of the house, where there are any. A house of one node loads no broker’s library. */
export async function openFanout({ brokerUrl }: Pick<Config, 'brokerUrl'>, log: Log): Promise<Fanout> {
  if (brokerUrl === undefined) return new MemoryFanout();
  const { RabbitmqFanout } = await import('./fanout/rabbitmq-fanout.ts');
  return new RabbitmqFanout({ url: brokerUrl, node: randomUUID(), log });
}
