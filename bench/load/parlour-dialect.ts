import { newMessageId } from '@parlour/protocol/ids';
import { offerTicket, paths } from '@parlour/protocol/subprotocol';
import { Visitor } from '../../packages/server/test/visitor.ts';
import type { Dialect } from './dialect.ts';

/** People that the sockets belong to: each has several, as with several tabs. Passwords are dear to hash. */
const peopleMaximum = 50;
const code = (character: string) => character.charCodeAt(0);

/** Signs people up, makes a room, and lets them all in. */
export async function parlour(port: number): Promise<Dialect> {
  const people = await Promise.all(
    Array.from({ length: peopleMaximum }, () => new Visitor(`http://localhost:${port}`)),
  );
  await Promise.all(people.map((person, i) => person.signUp(`Person ${i}`)));
  const [maker] = people;
  if (maker === undefined) throw new Error('a room needs people');
  const { id: room } = await maker.createRoom('lobby');
  await Promise.all(people.map((person) => person.join(room)));
  const tokens = await Promise.all(people.map((person) => person.token()));
  const personOf = (member: number) => member % peopleMaximum;
  return {
    path: paths.socket,
    protocols: async (member) => offerTicket((await people[personOf(member)]?.ticket()) ?? '').join(', '),
    enter: async (socket, member) => {
      socket.send(JSON.stringify({ type: 'authenticate', token: tokens[personOf(member)] }));
      await socket.next('{"type":"authenticated"');
      socket.send(JSON.stringify({ type: 'join', room }));
      await socket.next('{"type":"joined"');
    },
    encode: (body) => JSON.stringify({ type: 'send', id: newMessageId(), room, body }),
    isMessage: (data, start) =>
      // {"type":"event", and neither "error" nor "ack"
      data[start + 9] === code('e') && data[start + 10] === code('v'),
  };
}
