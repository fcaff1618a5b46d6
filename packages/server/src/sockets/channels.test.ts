import { ParlourError } from '@parlour/protocol/errors';
import type { Person } from '@parlour/protocol/events';
import type { ServerFrame } from '@parlour/protocol/frames';
import { beforeEach, expect, it } from 'vitest';
import { makeEvent } from '../../test/fanout/make-event.ts';
import { Channels } from './channels.ts';
import type { Peer } from './peer.ts';
import type { Subscription } from './subscription.ts';

const head = 9;
const event = (seq: number) => makeEvent('lobby', seq);

class Reader implements Peer {
  readonly user: Person;
  readonly grantId = 'a-session';
  readonly lane = { number: 1, turn: 1 };
  readonly isOpen = true;
  readonly isDrained = true;
  readonly subscriptions = new Map<string, Subscription>();
  readonly told: string[] = [];

  constructor(name: string) {
    this.user = { id: name.toLowerCase(), name };
  }

  deliver(frame: ServerFrame): void {
    this.told.push(frame.type);
  }

  deliverShared(frame: Buffer): void {
    const read = JSON.parse(frame.subarray(frame.indexOf('{')).toString()) as ServerFrame;
    if (read.type === 'event') this.told.push(`event ${read.seq}`);
  }

  fail(): void {}
  drained = async () => undefined;
  takeTurn = async () => () => undefined;
}

let answers: PromiseWithResolvers<number | undefined>[];
let channels: Channels;
let grace: Reader;
let members: Set<string>;

beforeEach(() => {
  answers = [];
  grace = new Reader('Grace');
  members = new Set(['ada', 'grace']);
  const list = async (after: number) => Array.from({ length: head - after }, (_, i) => event(after + 1 + i));
  channels = new Channels({
    log: {
      findHead: () => {
        const answer = Promise.withResolvers<number | undefined>();
        answers.push(answer);
        return answer.promise;
      },
      listEventsAfter: (_room, after) => list(after),
      readPage: (_room, after) => list(after),
      isMember: async (_room, user) => members.has(user),
      readHeads: async () => new Map(),
    },
    refuse: async () => new ParlourError('not_a_member', 'Only members may.'),
    presence: { enter: () => undefined, leave: () => undefined, list: () => ({ members: [], count: 0 }) },
    watch: () => undefined,
    unwatch: () => undefined,
    onError: (error) => expect.fail(String(error)),
  });
});

const upTo9From = (first: number) => Array.from({ length: head + 1 - first }, (_, i) => `event ${first + i}`);

it('P-JOIN-2, P-JOIN-5: of several joins the last one counts, in whatever order the database answers them', async () => {
  const joins = [channels.join(grace, 'lobby', undefined), channels.join(grace, 'lobby', 3)];
  answers[1]?.resolve(head);
  await joins[1];
  answers[0]?.resolve(head);
  await joins[0];
  await expect.poll(() => grace.told).toEqual(['joined', 'joined', ...upTo9From(4)]);
});

it.each([
  ['finds nobody who may', () => answers[0]?.resolve(undefined)],
  ['fails', () => answers[0]?.reject(new Error('the database is down'))],
])('P-JOIN-5, I4: a join stays answered where one before it %s later', async (_, end) => {
  const joins = [channels.join(grace, 'lobby', undefined), channels.join(grace, 'lobby', head)];
  answers[1]?.resolve(head);
  await joins[1];
  end();
  await expect(joins[0]).rejects.toThrow();
  channels.receive(event(head + 1));
  expect(grace.told).toEqual(['joined', `event ${head + 1}`]);
});

it('P-EVENT-6, I5: whoever was taken out before the head that this node begins from gets nothing above it', async () => {
  const ada = new Reader('Ada');
  const joins = [channels.join(grace, 'lobby', undefined), channels.join(ada, 'lobby', undefined)];
  // The head at which Ada is found to be a member is the event that takes Grace out, and Grace was one before it.
  members.delete('grace');
  answers[1]?.resolve(head);
  await joins[1];
  answers[0]?.resolve(head - 1);
  await joins[0];
  channels.receive(event(head + 1));
  await expect.poll(() => grace.told).toEqual(['joined', 'left']);
  expect(ada.told).toEqual(['joined', `event ${head + 1}`]);
});
