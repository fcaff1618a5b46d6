// The load generator: a process with a thousand members of one room, for one of the servers.
import { setTimeout } from 'node:timers/promises';
import { type Dialect, plainWs, socketIo } from './dialect.ts';
import { Member, UpgradeRefused } from './member.ts';
import { parlour } from './parlour-dialect.ts';
import { Talk, type TalkOptions, type TalkResult } from './talk.ts';

const connectingAtOnce = 50;
const attemptMaximum = 10;
const retryAfter = 1_000;

const dialects: Record<string, (port: number) => Promise<Dialect>> = {
  parlour,
  'plain-ws': async () => plainWs,
  'socket-io': async () => socketIo,
};

/** What a run cost here, so that it shows when this process and not the server was what held things up. */
export type LoadResult = TalkResult & { loadMicroseconds: number };

/** A server that cannot take the socket just now says so, and is asked again, as every client does. */
async function connectOne(port: number, dialect: Dialect, number: number): Promise<Member> {
  for (let attempt = 1; ; attempt++) {
    const { path, answer } = dialect;
    const member = new Member({ port, path, protocols: await dialect.protocols(number), answer });
    try {
      await member.opened();
      await dialect.enter(member, number);
      return member;
    } catch (error) {
      if (!(error instanceof UpgradeRefused) || attempt === attemptMaximum) throw error;
      await setTimeout(retryAfter);
    }
  }
}

async function connectAll(port: number, dialect: Dialect, count: number): Promise<Member[]> {
  const members: Member[] = [];
  let next = 0;
  const connectSome = async () => {
    while (next < count) members.push(await connectOne(port, dialect, next++));
  };
  await Promise.all(Array.from({ length: connectingAtOnce }, connectSome));
  return members;
}

async function talk(members: Member[], dialect: Dialect, options: TalkOptions): Promise<LoadResult> {
  const before = process.cpuUsage();
  const result = await new Talk(members, dialect).run(options);
  const { user, system } = process.cpuUsage(before);
  return { ...result, loadMicroseconds: user + system };
}

process.on('disconnect', () => process.exit(0));
const [name = '', port = '', count = ''] = process.argv.slice(2);
const dialect = await dialects[name]?.(Number(port));
if (dialect === undefined) throw new Error(`there is no server ${name}`);
const members = await connectAll(Number(port), dialect, Number(count));
process.on('message', (options: TalkOptions) => {
  void talk(members, dialect, options).then((result) => process.send?.(result));
});
process.send?.({ connected: members.length });
