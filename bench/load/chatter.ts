import { setTimeout } from 'node:timers/promises';
import type { Dialect } from './dialect.ts';
import { listen } from './listen.ts';
import type { Member } from './member.ts';
import { awaitPatiently } from './patience.ts';
import type { TalkResult } from './talk.ts';
import { Tally } from './tally.ts';

export type ChatterOptions = { messagesASecond: number; milliseconds: number };

/** Coprime to every number of rooms that is measured, so that all get their turn and neighbours do not follow each other. */
const stride = 7_919;

/** In all rooms together so many messages are said a second, whether the ones before have arrived or not. */
export async function chatter(
  rooms: readonly (readonly Member[])[],
  dialect: Dialect,
  { messagesASecond, milliseconds }: ChatterOptions,
): Promise<TalkResult> {
  const { promise: finished, resolve } = Promise.withResolvers<void>();
  const due = Math.round((messagesASecond * milliseconds) / 1_000);
  let deliveries = 0;
  const tally = new Tally(() => {
    if (tally.messages === due && tally.isComplete) resolve();
  });
  for (const member of new Set(rooms.flat())) {
    listen(member, dialect, { onMessage: (data, start) => tally.receive(data, start) });
  }
  const started = performance.now();
  while (tally.messages < due) {
    const late = ((performance.now() - started) * messagesASecond) / 1_000;
    while (tally.messages < Math.min(due, late)) {
      const number = (tally.messages * stride) % rooms.length;
      const members = rooms[number] ?? [];
      deliveries += members.length;
      const speaker = members[tally.messages % members.length];
      speaker?.send(dialect.encode(tally.write(members.length), number));
    }
    await setTimeout(1);
  }
  await awaitPatiently(finished, 0, () => `${due - tally.latencies.length} messages did not reach everybody`);
  return { messages: due, deliveries, milliseconds: performance.now() - started, latencies: tally.latencies };
}
