import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from './start-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

describe('mentions', () => {
  it('P-SELF-1, P-READ-2: counts messages that mention one, until they are read', async () => {
    const [ada, grace, linus] = await Promise.all(
      ['Ada Lovelace', 'Grace', 'Linus'].map((name) => server.signUp(name)),
    );
    if (ada === undefined || grace === undefined || linus === undefined) throw new Error('nobody came');
    const lobby = await ada.createRoom('lobby');
    await Promise.all([grace.join(lobby.id), linus.join(lobby.id)]);
    const elsewhere = await grace.connect();
    await ada.post(lobby.id, 'm1', 'Morning @grace, and @ada-lovelace too');
    await ada.post(lobby.id, 'm2', 'grace@example.org is an address');
    const unreadOf = async (who: typeof ada) => {
      const room = (await who.rooms()).find(({ id }) => id === lobby.id);
      return [room?.unread, room?.mentions];
    };
    expect(await unreadOf(grace)).toEqual([2, 1]);
    expect(await unreadOf(linus)).toEqual([2, 0]);
    expect(await unreadOf(ada)).toEqual([0, 0]);
    const notice = await elsewhere.next('self', (frame) => frame.kind === 'unread' && frame.unread === 2);
    expect(notice).toMatchObject({ room: lobby.id, mentions: 1 });
    const read = await grace.request('PUT', `/api/rooms/${lobby.id}/read`, { seq: lobby.seq + 4 });
    expect(read.status).toBe(200);
    expect(await unreadOf(grace)).toEqual([0, 0]);
    const after = await elsewhere.next('self', (frame) => frame.kind === 'unread' && frame.unread === 0);
    expect(after).toMatchObject({ mentions: 0 });
  });
});
