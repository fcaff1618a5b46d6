import type { MemberEvent } from '@parlour/protocol/events';
import type { SelfFrame } from '@parlour/protocol/frames';
import { expect, it } from 'vitest';
import { openHouse } from '../../test/open-house.ts';
import { createRoom } from './create-room.ts';
import { joinRoom } from './join-room.ts';
import { leaveRoom } from './leave-room.ts';
import { MemberNotices } from './member-notices.ts';

it('P-SELF-2: tells last what is true, in whatever order the database answers', async () => {
  const house = await openHouse();
  const [ada, grace] = [await house.addPerson('Ada'), await house.addPerson('Grace')];
  const lobby = await createRoom(house.deps, ada.user, { name: 'Lobby', private: false });
  await joinRoom(house.deps, grace.user, lobby.id);
  const told: SelfFrame['kind'][] = [];
  const answers: (() => void)[] = [];
  const notices = new MemberNotices({
    db: house.deps.db.kysely.withPlugin({
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        await new Promise<void>((resolve) => answers.push(resolve));
        return result;
      },
    }),
    isConnected: () => true,
    notify: (_user, _room, { kind }) => void told.push(kind),
    onError: (error) => expect.fail(String(error)),
  });
  const hear = async (looks: number) => {
    notices.receive(house.published.at(-1) as MemberEvent);
    await expect.poll(() => answers.length).toBe(looks);
  };
  await leaveRoom(house.deps, grace.user, lobby.id);
  await hear(1);
  await joinRoom(house.deps, grace.user, lobby.id);
  await hear(2);
  answers[1]?.();
  await expect.poll(() => told).toEqual(['added']);
  answers[0]?.();
  await new Promise((resolve) => setImmediate(resolve));
  expect(told.at(-1)).toBe('added');

  await leaveRoom(house.deps, grace.user, lobby.id);
  await hear(3);
  answers[2]?.();
  await expect.poll(() => told.at(-1)).toBe('removed');
  await house.close();
});
