import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cast, gatherCast } from '../cast.ts';
import type { TestSocket } from '../test-socket.ts';
import type { Visitor } from '../visitor.ts';

let cast: Cast;
beforeAll(async () => {
  cast = await gatherCast();
});
afterAll(() => cast.server.stop());

async function openRoom(): Promise<string> {
  const { id } = await cast.ada.createRoom('Room');
  await Promise.all([cast.grace.join(id), cast.linus.join(id)]);
  return id;
}
const person = ({ id, account }: Visitor) => ({ id, name: account.name });
const presenceIn = (socket: TestSocket, room: string) =>
  socket.log.filter((frame) => frame.type === 'presence').filter((frame) => frame.room === room);

// Side by side, because two of them wait for the five seconds of grace.
describe.concurrent('presence', () => {
  test('P-PRESENCE-1, C7: joined names who is there, oneself included, and how many', async () => {
    const room = await openRoom();
    const ada = await cast.ada.connect();
    expect(await ada.join(room)).toMatchObject({ members: [person(cast.ada)], count: 1 });
    const grace = await cast.grace.connect();
    expect(await grace.join(room)).toMatchObject({ members: [person(cast.ada), person(cast.grace)], count: 2 });
  });

  test('P-PRESENCE-2, C3, I8, fault 17: two tabs are one person, and closing one takes nobody away', async () => {
    const room = await openRoom();
    const ann = await cast.server.signUp('Ann');
    const joanna = await cast.server.signUp('Joanna');
    await Promise.all([ann.join(room), joanna.join(room)]);
    const witness = await cast.ada.connect();
    await witness.join(room);
    await witness.next('presence');
    const tabs = [await ann.connect(), await ann.connect(), await (await ann.elsewhere()).connect()];
    for (const tab of tabs) expect((await tab.join(room)).count).toBe(2);
    expect(await witness.next('presence')).toMatchObject({ entered: [person(ann)], left: [], count: 2 });
    const hers = await joanna.connect();
    await hers.join(room);
    expect(await witness.next('presence')).toMatchObject({ entered: [person(joanna)], left: [], count: 3 });
    await Promise.all([tabs[0]?.close(), tabs[1]?.cut()]);
    await hers.close();
    expect(await witness.next('presence')).toMatchObject({ entered: [], left: [joanna.id], count: 2 });
  });

  test('P-PRESENCE-3, C8, I8: who is back within five seconds neither left nor came', async () => {
    const room = await openRoom();
    const witness = await cast.ada.connect();
    await witness.join(room);
    const [grace, linus] = [await cast.grace.connect(), await cast.linus.connect()];
    await Promise.all([grace.join(room), linus.join(room)]);
    await witness.next('presence', ({ count }) => count === 3);
    const told = presenceIn(witness, room).length;
    const from = performance.now();
    await Promise.all([grace.cut(), linus.close()]);
    const back = await cast.grace.connect();
    expect((await back.join(room)).count).toBe(3);
    const { left, entered, count } = await witness.next('presence');
    expect([left, entered, count]).toEqual([[cast.linus.id], [], 2]);
    expect(performance.now() - from).toBeGreaterThan(4_900);
    expect(presenceIn(witness, room)).toHaveLength(told + 1);
  });

  test('P-PRESENCE-2: tells of nobody in rooms that one has not joined', async () => {
    const [room, other] = [await openRoom(), await openRoom()];
    const [ada, grace] = [await cast.ada.connect(), await cast.grace.connect()];
    await ada.join(room);
    await grace.join(other);
    await grace.join(room);
    await ada.next('presence', ({ count }) => count === 2);
    expect(presenceIn(ada, other)).toEqual([]);
  });
});

describe('typing', () => {
  test('P-TYPING-1: reaches the others in the room, none of one’s own tabs, and once in two seconds', async () => {
    const room = await openRoom();
    const [ada, tab, grace] = [await cast.ada.connect(), await cast.ada.connect(), await cast.grace.connect()];
    const outside = await cast.linus.connect();
    for (const socket of [ada, tab, grace]) await socket.join(room);
    const typing = { type: 'typing', room } as const;
    ada.send(typing);
    expect(await grace.next('typing')).toEqual({ type: 'typing', room, user: person(cast.ada) });
    cast.clock.advance(1_999);
    ada.send(typing);
    await ada.settle();
    tab.send(typing);
    await tab.settle();
    cast.clock.advance(1);
    tab.send(typing);
    await grace.next('typing');
    grace.send(typing);
    expect(await ada.next('typing')).toMatchObject({ user: person(cast.grace) });
    const count = (socket: TestSocket) => socket.log.filter(({ type }) => type === 'typing').length;
    await Promise.all([tab, outside].map((socket) => socket.settle()));
    expect([ada, tab, grace, outside].map(count)).toEqual([1, 1, 2, 0]);
  });

  test('P-TYPING-2, fault 19: is refused where this connection has not joined', async () => {
    const room = await openRoom();
    const [joined, other] = [await cast.ada.connect(), await cast.ada.connect()];
    const grace = await cast.grace.connect();
    await Promise.all([joined.join(room), grace.join(room)]);
    cast.clock.advance(2_000);
    joined.send({ type: 'typing', room });
    await grace.next('typing');
    cast.clock.advance(2_000);
    for (const refused of [room, 'nowhere', cast.designers]) {
      other.send({ type: 'typing', room: refused });
      expect(await other.next('error')).toMatchObject({ code: 'not_joined', room: refused });
    }
    expect((await grace.settle()).filter(({ type }) => type === 'typing')).toEqual([]);
  });
});
