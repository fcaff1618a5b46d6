import type { Dialect } from './dialect.ts';
import { listen } from './listen.ts';
import type { Member } from './member.ts';
import { awaitPatiently } from './patience.ts';
import type { TalkResult } from './talk.ts';
import { Tally } from './tally.ts';

export type SendsOptions = { senders: number; milliseconds: number };

/**
 * Members who are alone in their rooms send, and again once that was acknowledged. What they said comes back to them too,
 * as it would to others. The latencies are those until the acknowledgement.
 */
export async function sendAlone(
  members: readonly Member[],
  dialect: Dialect,
  { senders, milliseconds }: SendsOptions,
): Promise<TalkResult> {
  const latencies: number[] = [];
  const { promise: finished, resolve } = Promise.withResolvers<void>();
  const finish = () => {
    if (tally.isComplete && latencies.length === tally.messages) resolve();
  };
  const tally = new Tally(finish);
  const started = performance.now();
  const end = started + milliseconds;
  for (const [room, member] of members.slice(0, senders).entries()) {
    let sentAt = 0;
    const say = () => {
      sentAt = performance.now();
      member.send(dialect.encode(tally.write(1), room, true));
    };
    const onAcknowledgement = () => {
      const now = performance.now();
      latencies.push(now - sentAt);
      if (now < end) say();
      else finish();
    };
    listen(member, dialect, { onMessage: (data, start) => tally.receive(data, start), onAcknowledgement });
    say();
  }
  await awaitPatiently(finished, milliseconds, () => `${tally.messages - latencies.length} messages have no answer`);
  const { messages } = tally;
  return { messages, deliveries: messages, milliseconds: performance.now() - started, latencies };
}
