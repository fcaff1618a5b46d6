import type { Channel, Options } from 'amqplib';

/** Events and presence go by the room's shard, control to everybody. */
export const exchanges = {
  events: 'parlour.events',
  presence: 'parlour.presence',
  control: 'parlour.control',
} as const;

/**
 * A node's own queue. It drops the oldest beyond its bounds, because a node that lags behind has the database, and a
 * broker without memory stops every node. What is older than some seconds was found by comparing heads meanwhile.
 */
export const queueOptions: Options.AssertQueue = {
  exclusive: true,
  autoDelete: true,
  durable: false,
  maxLength: 10_000,
  overflow: 'drop-head',
  messageTtl: 5_000,
  arguments: { 'x-max-length-bytes': 16 * 1024 * 1024 },
};

/** Makes what a node needs. The broker names the queue: one of our own might be held by a connection that is dying. */
export async function declareQueue(channel: Channel): Promise<string> {
  const { queue } = await channel.assertQueue('', queueOptions);
  for (const [name, exchange] of Object.entries(exchanges))
    await channel.assertExchange(exchange, name === 'control' ? 'fanout' : 'direct', { durable: false });
  await channel.bindQueue(queue, exchanges.control, '');
  return queue;
}
