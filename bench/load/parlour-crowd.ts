import { offerTicket, paths } from '@parlour/protocol/subprotocol';
import { Visitor } from '../../packages/server/test/visitor.ts';
import { makeAll } from './at-once.ts';
import type { Crowd, CrowdPlan } from './crowd.ts';
import { getTicketFrom } from './doors.ts';
import { Member } from './member.ts';
import { encodeSend, isEvent } from './parlour-frames.ts';

/** Sockets of the room that one person has, as with several tabs: passwords are dear to hash. */
const socketsEach = 20;
const connectingAtOnce = 20;

type Login = { visitor: Visitor; token: string };

/** Signs people up, lets some into one room by both nodes, and gives each of the others a room of their own. */
export async function gatherParlour({ near, far, members, senders }: CrowdPlan): Promise<Crowd> {
  const logIn = async (name: string): Promise<Login> => {
    const visitor = new Visitor(`http://127.0.0.1:${near}`);
    await visitor.signUp(name);
    return { visitor, token: await visitor.token() };
  };
  const people = await makeAll(Math.ceil(members / socketsEach), connectingAtOnce, (i) => logIn(`Person ${i}`));
  const [maker] = people;
  if (maker === undefined) throw new Error('a room needs people');
  const { id: room } = await maker.visitor.createRoom('lobby');
  await Promise.all(people.map(({ visitor }) => visitor.join(room)));
  const fill = (port: number | undefined) =>
    makeAll(port === undefined ? 0 : members, connectingAtOnce, (i) =>
      enter(port ?? 0, people[i % people.length] ?? maker, room),
    );
  return {
    near: await fill(near),
    far: await fill(far),
    // People of their own, so that nobody is told of a room that another socket of theirs does not look at.
    senders: await makeAll(senders, connectingAtOnce, async (i) => {
      const login = await logIn(`Sender ${i}`);
      const { id } = await login.visitor.createRoom(`Room ${i}`);
      return { room: id, member: await enter(near, login, id) };
    }),
    dialect: { encode: (body) => encodeSend(room, body), isMessage: isEvent },
  };
}

async function enter(port: number, { visitor, token }: Login, room: string): Promise<Member> {
  const protocols = offerTicket(await getTicketFrom(port, paths.tickets, visitor.cookie)).join(', ');
  const member = new Member({ port, path: paths.socket, protocols, answer: undefined });
  await member.opened();
  member.send(JSON.stringify({ type: 'authenticate', token }));
  await member.next('{"type":"authenticated"');
  member.send(JSON.stringify({ type: 'join', room }));
  await member.next('{"type":"joined"');
  member.onText = () => true;
  return member;
}
