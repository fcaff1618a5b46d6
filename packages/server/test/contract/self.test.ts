import type { SelfFrame } from '@parlour/protocol/frames';
import type { Room } from '@parlour/protocol/rooms';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byHand } from '../by-hand.ts';
import { type Cast, gatherCast } from '../cast.ts';
import type { Visitor } from '../visitor.ts';

let cast: Cast;
beforeAll(async () => {
  cast = await gatherCast();
});
afterAll(() => cast.server.stop());

async function openRoom(): Promise<string> {
  const { id } = await cast.ada.createRoom('Room');
  await cast.grace.join(id);
  return id;
}
async function look(visitor: Visitor, room: string): Promise<Pick<Room, 'unread' | 'readSeq' | 'seq'>> {
  const { body } = await visitor.request<Room>('GET', `/api/rooms/${room}`);
  return { unread: body.unread, readSeq: body.readSeq, seq: body.seq };
}
const unreadIs = (unread: number, room: string) => (frame: SelfFrame) =>
  frame.kind === 'unread' && frame.room === room && frame.unread === unread;

describe('what concerns oneself elsewhere', () => {
  test('P-SELF-4: tells every connection of a person that their role changed, by whatever path', async () => {
    const [one, other] = [await cast.grace.connect(), await cast.ada.connect()];
    const give = (role: string) =>
      byHand(cast.server, (db) => db.prepare('UPDATE user SET role = ? WHERE id = ?').run(role, cast.grace.id));
    give('moderator');
    expect(await one.next('self')).toEqual({ type: 'self', kind: 'role', role: 'moderator' });
    give('member');
    expect(await one.next('self')).toMatchObject({ role: 'member' });
    await other.settle();
    expect(other.log.filter(({ type }) => type === 'self')).toEqual([]);
  });

  test('P-SELF-1: tells what is unread in rooms that the connection has not joined, and only there', async () => {
    const room = await openRoom();
    const [onlooker, reader] = [await cast.grace.connect(), await cast.grace.connect()];
    await reader.join(room);
    await cast.ada.post(room, `1-${room}`, 'One');
    await cast.ada.post(room, `2-${room}`, 'Two');
    const notice = await onlooker.next('self', unreadIs(2, room));
    expect(notice).toEqual({ type: 'self', kind: 'unread', room, seq: 4, unread: 2, mentions: 0, readSeq: 2 });
    await reader.next('event', ({ seq }) => seq === 4);
    await reader.settle();
    expect(reader.log.filter((frame) => frame.type === 'self' && 'room' in frame && frame.room === room)).toEqual([]);
    expect(onlooker.events()).toEqual([]);
  });

  test('P-SELF-1: tells the other devices what was read on one', async () => {
    const room = await openRoom();
    await cast.ada.post(room, `1-${room}`, 'One');
    const [phone, desk] = [await cast.grace.connect(), await cast.grace.connect()];
    await desk.join(room);
    desk.send({ type: 'read', room, seq: 3 });
    expect(await phone.next('self', unreadIs(0, room))).toMatchObject({ readSeq: 3, seq: 3 });
  });

  test('P-SELF-1, I5: tells nothing of rooms that one is no member of', async () => {
    const room = await openRoom();
    const [linus, grace] = [await cast.linus.connect(), await cast.grace.connect()];
    await cast.ada.post(room, `1-${room}`, 'One');
    await grace.next('self', unreadIs(1, room));
    expect((await linus.settle()).filter(({ type }) => type === 'self')).toEqual([]);
  });

  test('P-SELF-2: tells of being added and of being removed, on every device', async () => {
    const room = (await cast.ada.createRoom('Closed', true)).id;
    const devices = [await cast.linus.connect(), await (await cast.linus.elsewhere()).connect()];
    await cast.ada.add(room, cast.linus);
    for (const device of devices) {
      const notice = await device.next('self', (frame) => frame.kind === 'added');
      expect(notice).toEqual({ type: 'self', kind: 'added', room, name: 'Closed', private: true });
    }
    await cast.ada.remove(room, cast.linus);
    for (const device of devices) {
      expect(await device.next('self')).toEqual({ type: 'self', kind: 'removed', room });
    }
  });

  test('P-SELF-3: nothing of it is repeated after a reconnect; the list of rooms tells', async () => {
    const room = await openRoom();
    const [grace, witness] = [await cast.grace.connect(), await cast.ada.connect()];
    await cast.ada.post(room, `1-${room}`, 'One');
    await grace.next('self', unreadIs(1, room));
    await grace.cut();
    await cast.ada.post(room, `2-${room}`, 'Two');
    // News are gathered for a moment: they have been told, and to her not.
    await witness.next('self', (frame) => frame.kind === 'unread' && frame.room === room && frame.seq === 4);
    const again = await cast.grace.connect();
    const listed = (await cast.grace.rooms()).find(({ id }) => id === room);
    expect(listed).toMatchObject({ unread: 2, readSeq: 2, seq: 4 });
    await cast.ada.post(room, `3-${room}`, 'Three');
    const first = await again.next('self', (frame) => 'room' in frame && frame.room === room);
    expect(first).toMatchObject({ kind: 'unread', unread: 3 });
  });
});

describe('read state', () => {
  test('P-READ-1: moves forward, never back and never beyond the head, and is not answered', async () => {
    const room = await openRoom();
    for (let i = 0; i < 3; i += 1) await cast.ada.post(room, `${i}-${room}`, 'Text');
    const [socket, witness] = [await cast.grace.connect(), await cast.grace.connect()];
    const read = async (seq: number, leaves: number) => {
      socket.send({ type: 'read', room, seq });
      await witness.next('self', unreadIs(leaves, room));
      return await look(cast.grace, room);
    };
    expect(await read(3, 2)).toEqual({ unread: 2, readSeq: 3, seq: 5 });
    socket.send({ type: 'read', room, seq: 1 });
    await socket.settle();
    expect(await look(cast.grace, room)).toEqual({ unread: 2, readSeq: 3, seq: 5 });
    expect(await read(1_000_000, 0)).toEqual({ unread: 0, readSeq: 5, seq: 5 });
    expect((await socket.settle()).filter(({ type }) => type !== 'self')).toEqual([]);
    const put = await cast.grace.request('PUT', `/api/rooms/${room}/read`, { seq: 2 });
    expect([put.status, put.body]).toEqual([200, { readSeq: 5 }]);
  });

  test('P-READ-1, I5: is a member’s own', async () => {
    const room = await openRoom();
    const [grace, linus] = [await cast.grace.connect(), await cast.linus.connect()];
    grace.send({ type: 'read', room, seq: 2 });
    for (const [refused, code] of [
      [room, 'not_a_member'],
      [cast.designers, 'room_not_found'],
      ['nowhere', 'room_not_found'],
    ] as const) {
      linus.send({ type: 'read', room: refused, seq: 1 });
      expect(await linus.next('error')).toMatchObject({ code, room: refused });
    }
    expect((await grace.settle()).filter(({ type }) => type === 'error')).toEqual([]);
  });

  test('P-READ-2: unread counts messages since one joined, and sending reads up to the sent one', async () => {
    const { id: room } = await cast.ada.createRoom('Counted');
    await cast.ada.post(room, `1-${room}`, 'Before grace came');
    await cast.grace.join(room);
    expect(await look(cast.grace, room)).toEqual({ unread: 0, readSeq: 3, seq: 3 });
    await cast.ada.post(room, `2-${room}`, 'Two');
    await cast.linus.join(room);
    await cast.ada.post(room, `3-${room}`, 'Three');
    expect(await look(cast.grace, room)).toEqual({ unread: 2, readSeq: 3, seq: 6 });
    expect(await look(cast.ada, room)).toEqual({ unread: 0, readSeq: 6, seq: 6 });
    await cast.grace.post(room, `4-${room}`, 'Four');
    expect(await look(cast.grace, room)).toEqual({ unread: 0, readSeq: 7, seq: 7 });
    expect((await look(cast.linus, room)).unread).toBe(2);
  });
});
