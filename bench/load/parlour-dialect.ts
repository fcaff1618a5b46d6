import { newMessageId } from '@parlour/protocol/ids';
import { offerTicket, paths } from '@parlour/protocol/subprotocol';
import type { Dialect } from './dialect.ts';
import { getTicketFrom } from './doors.ts';
import { fillHouse } from './large-house.ts';
import { type CrowdSize, roomsOf } from './seats.ts';

const code = (character: string) => character.charCodeAt(0);
const askingAtOnce = 20;

/** Fills the house with people, each with one login; of so many members, each belongs to one of them. */
export async function parlour(port: number, folder: string, size: CrowdSize): Promise<Dialect> {
  const logins = await fillHouse(port, folder, { ...size, sessionsEach: 1 });
  const cookies = logins.map(({ cookie }) => cookie);
  const tokens = await getTokens(port, cookies);
  const ids: string[] = [];
  for (const [member, { rooms }] of logins.entries()) {
    for (const [i, number] of roomsOf(member, size).entries()) ids[number] = rooms[i] ?? '';
  }
  const idOf = (room: number) => ids[room] ?? '';
  return {
    path: paths.socket,
    protocols: async (member) =>
      offerTicket(await getTicketFrom(port, paths.tickets, cookies[member % cookies.length] ?? '')).join(', '),
    enter: async (socket, member, numbers = [0]) => {
      socket.send(JSON.stringify({ type: 'authenticate', token: tokens[member % tokens.length] }));
      await socket.next('{"type":"authenticated"');
      for (const number of numbers) {
        socket.send(JSON.stringify({ type: 'join', room: idOf(number) }));
        await socket.next('{"type":"joined"');
      }
    },
    encode: (body, room = 0) => JSON.stringify({ type: 'send', id: newMessageId(), room: idOf(room), body }),
    // By one character each: {"type":"event", {"type":"ack", and {"type":"error", whose second one is another.
    isMessage: (data, start) => data[start + 9] === code('e') && data[start + 10] === code('v'),
    isAcknowledgement: (data, start) => data[start + 9] === code('a') && data[start + 10] === code('c'),
    isError: (data, start) => data[start + 9] === code('e') && data[start + 10] === code('r'),
  };
}

async function getTokens(port: number, cookies: readonly string[]): Promise<string[]> {
  const tokens: string[] = [];
  let next = 0;
  const getSome = async () => {
    for (let i = next++; i < cookies.length; i = next++) {
      const answer = await fetch(`http://127.0.0.1:${port}/api/auth/token`, { headers: { cookie: cookies[i] ?? '' } });
      tokens[i] = ((await answer.json()) as { token: string }).token;
    }
  };
  await Promise.all(Array.from({ length: askingAtOnce }, getSome));
  return tokens;
}
