import { makeAll } from './at-once.ts';
import type { Crowd, CrowdPlan } from './crowd.ts';
import { socketIo } from './dialect.ts';
import { Member } from './member.ts';

const connectingAtOnce = 20;

/** The same room on two nodes of Socket.IO. Nobody sends alone there: what it acknowledges, it does not keep. */
export async function gatherSocketIo({ near, far, members }: CrowdPlan): Promise<Crowd> {
  const fill = (port: number | undefined) =>
    makeAll(port === undefined ? 0 : members, connectingAtOnce, () => enter(port ?? 0));
  return { near: await fill(near), far: await fill(far), senders: [], dialect: socketIo };
}

async function enter(port: number): Promise<Member> {
  const { path, answer } = socketIo;
  const member = new Member({ port, path, protocols: undefined, answer });
  await member.opened();
  await socketIo.enter(member, 0);
  return member;
}
