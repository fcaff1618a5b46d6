import { Agent, request } from 'node:http';
import { offerTicket, paths } from '@parlour/protocol/subprotocol';
import { Visitor } from '../../packages/server/test/visitor.ts';
import { Member } from './member.ts';

/** How many people log in; each has as many sockets as come to them. Passwords are dear to hash. */
const peopleMaximum = 25;

/** One server's way from a login to a live socket. */
export type Door = {
  /** Gets a ticket for one of the people who are logged in, opens a socket by it and authenticates it. */
  enter(number: number): Promise<Member>;
};

type Person = { cookie: string; token: string };

export async function openParlourDoor(port: number): Promise<Door> {
  const people: Person[] = [];
  for (let i = 0; i < peopleMaximum; i += 1) {
    const visitor = new Visitor(`http://localhost:${port}`);
    await visitor.signUp(`Person ${i}`);
    people.push({ cookie: visitor.cookie, token: await visitor.token() });
  }
  return {
    enter: async (number) => {
      const { cookie, token } = pick(people, number);
      const protocols = offerTicket(await getTicketFrom(port, paths.tickets, cookie)).join(', ');
      const member = new Member({ port, path: paths.socket, protocols, answer: undefined });
      await member.opened();
      member.send(JSON.stringify({ type: 'authenticate', token }));
      await member.next('{"type":"authenticated"');
      return member;
    },
  };
}

export async function openSocketIoDoor(port: number): Promise<Door> {
  const people: Person[] = [];
  for (let i = 0; i < peopleMaximum; i += 1) {
    const origin = `http://localhost:${port}`;
    const signedIn = await fetch(`${origin}/sign-in`, { method: 'POST' });
    const [cookie = ''] = signedIn.headers.getSetCookie().map((line) => line.split(';', 1)[0] ?? '');
    const { token } = (await (await fetch(`${origin}/token`, { headers: { cookie } })).json()) as { token: string };
    people.push({ cookie, token });
  }
  return {
    enter: async (number) => {
      const { cookie, token } = pick(people, number);
      const ticket = await getTicketFrom(port, '/tickets', cookie);
      const path = '/socket.io/?EIO=4&transport=websocket';
      const member = new Member({ port, path, protocols: undefined, answer: undefined });
      await member.opened();
      await member.next('0');
      member.send(`40${JSON.stringify({ ticket, token })}`);
      await member.next('40');
      return member;
    },
  };
}

function pick(people: Person[], number: number): Person {
  const person = people[number % people.length];
  if (person === undefined) throw new Error('nobody is logged in');
  return person;
}

// As browsers keep theirs.
const agent = new Agent({ keepAlive: true });

export function getTicketFrom(port: number, path: string, cookie: string, localAddress?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { cookie, 'content-length': '0' };
    const from = localAddress === undefined ? {} : { localAddress };
    const asked = request({ host: '127.0.0.1', port, path, method: 'POST', agent, headers, ...from }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => {
        if (response.statusCode !== 201) reject(new Error(`no ticket: ${response.statusCode} ${text}`));
        else resolve((JSON.parse(text) as { ticket: string }).ticket);
      });
    });
    asked.on('error', reject).end();
  });
}
