// The load generator: a process with thousands of sockets that have joined a room and say nothing.
import { setTimeout } from 'node:timers/promises';
import { type Member, UpgradeRefused } from './member.ts';
import { type CrowdSetting, gatherCrowd, mapSome } from './passes.ts';

/** So many more sockets. */
export type IdleOrder = { enter: number };

const attemptMaximum = 10;
const retryAfter = 1_000;

process.on('disconnect', () => process.exit(0));
const crowd = await gatherCrowd(JSON.parse(process.argv[2] ?? '') as CrowdSetting);
let open = 0;

async function enter(count: number): Promise<object> {
  const numbers = Array.from({ length: count }, (_, number) => open + number);
  open += count;
  await mapSome(numbers, async (number) => {
    const member = await enterPatiently(number);
    // What else comes, such as who came and went, is read and let go.
    member.onText = (data, start, end) => end - start > 1 || data[start] !== '2'.charCodeAt(0);
  });
  return { open };
}

/** A server that cannot take the socket just now says so, and is asked again, as every client does. */
async function enterPatiently(number: number): Promise<Member> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return (await crowd.enter(number)).member;
    } catch (error) {
      if (!(error instanceof UpgradeRefused) || attempt === attemptMaximum) throw error;
      await setTimeout(retryAfter);
    }
  }
}

process.on('message', (order: IdleOrder) => {
  void enter(order.enter).then((result) => process.send?.(result));
});
process.send?.({ ready: true });
