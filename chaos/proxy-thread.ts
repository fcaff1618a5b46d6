// A thread with one fault proxy, so that what the clients' thread is busy with delays nothing between servers.
import { parentPort, workerData } from 'node:worker_threads';
import { FaultProxy } from '../packages/server/test/fault-proxy.ts';
import type { ProxyOrder } from './fault-way.ts';

const proxy = await FaultProxy.open(Number(workerData));
parentPort?.postMessage(proxy.port);
parentPort?.on('message', ({ order, milliseconds }: ProxyOrder) => {
  if (order === 'drop') proxy.drop();
  else if (order === 'delay') proxy.delay(milliseconds);
  else void proxy.pass();
});
