import { randomUUID } from 'node:crypto';
import type { Config } from './config.ts';
import type { Fanout } from './fanout/fanout.ts';
import { MemoryFanout } from './fanout/memory-fanout.ts';
import { RabbitmqFanout } from './fanout/rabbitmq-fanout.ts';
import type { Log } from './log.ts';

/** How committed events reach the other nodes of the house, where there are any. */
export function openFanout({ brokerUrl }: Pick<Config, 'brokerUrl'>, log: Log): Fanout {
  return brokerUrl === undefined ? new MemoryFanout() : new RabbitmqFanout({ url: brokerUrl, node: randomUUID(), log });
}
