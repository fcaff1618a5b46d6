import { offerTicket, paths } from '@parlour/protocol/subprotocol';
import { getTicketFrom } from './doors.ts';
import { fillHouse } from './large-house.ts';
import { Member } from './member.ts';

/** What a client keeps between two connections: its login, a token that still lasts, and the room that it looks at. */
export type Pass = { cookie: string; token: string; room: string };
export type CrowdSetting = {
  server: 'parlour' | 'socket-io';
  port: number;
  folder: string;
  people: number;
  rooms: number;
};

const askingAtOnce = 20;
/** Addresses of the loopback interface that sockets come from, and how many from each. */
const addresses = 100;
const addressOf = (number: number) => `127.0.0.${(number % addresses) + 2}`;

/** A socket in its room, and the room's last event where the server numbers them. */
export type Entered = { member: Member; seq: number };

/** One server's people, and how one of them gets from a ticket over the upgrade and a token into the room. */
export type Crowd = {
  passes: Pass[];
  /** `after` is the last event that the client has, where it resumes. */
  enter(number: number, after?: number): Promise<Entered>;
};

/** Logs everybody in, each with a login of their own, evenly spread over the rooms. */
export async function gatherCrowd(setting: CrowdSetting): Promise<Crowd> {
  return setting.server === 'parlour' ? await gatherInParlour(setting) : await gatherInSocketIo(setting);
}

async function gatherInParlour({ port, folder, people, rooms }: CrowdSetting): Promise<Crowd> {
  const logins = await fillHouse(port, folder, { people, sessionsEach: 1, rooms, roomsEach: 1 });
  const passes = await mapSome(logins, async ({ cookie, rooms: [room = ''] }) => {
    return { cookie, token: await getToken(port, '/api/auth/token', cookie), room };
  });
  return {
    passes,
    enter: async (number, after) => {
      const { cookie, token, room } = find(passes, number);
      const localAddress = addressOf(number);
      const protocols = offerTicket(await getTicketFrom(port, paths.tickets, cookie, localAddress)).join(', ');
      const member = new Member({ port, path: paths.socket, protocols, answer: undefined, localAddress });
      await member.opened();
      member.send(JSON.stringify({ type: 'authenticate', token }));
      await member.next('{"type":"authenticated"');
      member.send(JSON.stringify({ type: 'join', room, ...(after === undefined ? {} : { after }) }));
      const joined = await member.next('{"type":"joined"');
      return { member, seq: Number(/"seq":(\d+)/.exec(joined)?.[1]) };
    },
  };
}

async function gatherInSocketIo({ port, people, rooms }: CrowdSetting): Promise<Crowd> {
  const numbers = Array.from({ length: people }, (_, number) => number);
  const passes = await mapSome(numbers, async (number) => {
    const signedIn = await fetch(`http://127.0.0.1:${port}/sign-in`, { method: 'POST' });
    await signedIn.arrayBuffer();
    const [cookie = ''] = signedIn.headers.getSetCookie().map((line) => line.split(';', 1)[0] ?? '');
    return { cookie, token: await getToken(port, '/token', cookie), room: `room-${number % rooms}` };
  });
  return {
    passes,
    enter: async (number) => {
      const { cookie, token, room } = find(passes, number);
      const localAddress = addressOf(number);
      const ticket = await getTicketFrom(port, '/tickets', cookie, localAddress);
      const path = '/socket.io/?EIO=4&transport=websocket';
      const member = new Member({ port, path, protocols: undefined, answer: answerPing, localAddress });
      await member.opened();
      await member.next('0');
      member.send(`40${JSON.stringify({ ticket, token })}`);
      await member.next('40');
      member.send(`420${JSON.stringify(['join', room])}`);
      await member.next('430');
      return { member, seq: 0 };
    },
  };
}

async function getToken(port: number, path: string, cookie: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { cookie } });
  return ((await answer.json()) as { token: string }).token;
}

/** Engine.IO's `2` is a ping, `3` its answer. */
function answerPing(data: Buffer, start: number, end: number): string | undefined {
  return end - start === 1 && data[start] === '2'.charCodeAt(0) ? '3' : undefined;
}

function find(passes: readonly Pass[], number: number): Pass {
  const pass = passes[number];
  if (pass === undefined) throw new Error(`nobody has the number ${number}`);
  return pass;
}

/** Maps in order, with some under way at a time. */
export async function mapSome<Item, Result>(
  items: readonly Item[],
  map: (item: Item) => Promise<Result>,
  atOnce = askingAtOnce,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const work = async () => {
    for (let i = next++; i < items.length; i = next++) results[i] = await map(items[i] as Item);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}
