// The load generator: a process with the readers of one room, some of whom may join and never read again.
import { setTimeout } from 'node:timers/promises';
import { newMessageId } from '@parlour/protocol/ids';
import { readBusyTime } from './busy-time.ts';
import type { Member } from './member.ts';
import { type CrowdSetting, gatherCrowd, mapSome } from './passes.ts';
import { isEvent } from './returning-client.ts';
import { Talk } from './talk.ts';

export type SlowOrder = { isSlow: boolean; milliseconds: number };
/** Latencies are those of the readers who read throughout; `closed` are those of the others whom the server gave up; `loadShare` is how much of the time this process was busy. */
export type SlowResult = { latencies: number[]; closed: number; loadShare: number };

const inFlight = 16;
const bodyCharacters = 4_000;
/** Milliseconds in which those who read again find what the server sent them before it closed. */
const catchUp = 2_000;

process.on('disconnect', () => process.exit(0));
const [setting = '', slow = ''] = process.argv.slice(2);
const crowd = await gatherCrowd(JSON.parse(setting) as CrowdSetting);
const room = crowd.passes[0]?.room ?? '';
const numbers = crowd.passes.map((_, number) => number);
const steady = await mapSome(numbers.slice(Number(slow)), enter);
const encode = (body: string) =>
  JSON.stringify({ type: 'send', id: newMessageId(), room, body: body.padEnd(bodyCharacters, 'x') });

async function enter(number: number): Promise<Member> {
  const { member } = await crowd.enter(number);
  member.onText = () => true;
  return member;
}

async function measure({ isSlow, milliseconds }: SlowOrder): Promise<SlowResult> {
  let closed = 0;
  const others = await mapSome(numbers.slice(0, Number(slow)), enter);
  for (const other of others) {
    other.onGone = () => {
      closed += 1;
    };
    if (isSlow) other.stopReading();
  }
  const before = readBusyTime();
  const talk = await new Talk(steady, { encode, isMessage: isEvent }).run({ inFlight, milliseconds });
  const loadShare = (readBusyTime() - before) / 1_000 / talk.milliseconds;
  for (const other of others) other.readAgain();
  await setTimeout(catchUp);
  const result = { latencies: talk.latencies, closed, loadShare };
  for (const other of others) other.cut();
  return result;
}

process.on('message', (order: SlowOrder) => {
  void measure(order).then((result) => process.send?.(result));
});
process.send?.({ ready: true });
