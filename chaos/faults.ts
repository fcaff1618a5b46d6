import { setTimeout as delay } from 'node:timers/promises';
import type { Findings } from './finding.ts';
import type { Fleet } from './fleet.ts';
import type { House } from './house.ts';
import type { HouseNode } from './house-node.ts';
import type { OwnLag } from './own-lag.ts';
import { describeMistake, findPresenceMistakes } from './presence-mistakes.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { Warden } from './warden.ts';

export type World = {
  house: House;
  fleet: Fleet;
  warden: Warden;
  random: SeededRandom;
  findings: Findings;
  ownLag: OwnLag;
  /** Milliseconds that the fault lasts. */
  lasts: number;
  /** Milliseconds that clients have to catch up after it. */
  patience: number;
};

export type Fault = {
  name: string;
  /** How long it lasts, where nothing else is asked for. */
  seconds: number;
  /** Does it and heals it. */
  run(world: World): Promise<void>;
};

/** People of a node that is killed are no ghosts for longer (I8). */
const ghostLife = 15_000;
const slowBroker = 300;
const slowDatabase = 100;

export const faults: readonly Fault[] = [
  { name: 'node-killed', seconds: 16, run: killNode },
  { name: 'broker-killed', seconds: 10, run: killBroker },
  { name: 'database-killed', seconds: 5, run: killDatabase },
  { name: 'broker-cut', seconds: 30, run: cutFromBroker },
  { name: 'database-cut', seconds: 20, run: cutFromDatabase },
  { name: 'broker-slow', seconds: 15, run: slowDownBroker },
  { name: 'database-slow', seconds: 15, run: slowDownDatabase },
  { name: 'node-paused', seconds: 20, run: pauseNode },
  { name: 'broker-loses', seconds: 20, run: loseMessages },
  { name: 'rolling-restart', seconds: 5, run: restartAll },
  { name: 'clients-asleep', seconds: 20, run: sendToSleep },
];

/** Some of its people do not come back, so that they would stay as ghosts. */
async function killNode({ house, fleet, warden, random, findings, lasts }: World): Promise<void> {
  const node = random.pick(house.nodes);
  const leavers = warden.pick((chatter) => isAt(chatter.node, node), 3);
  node.sicken();
  await node.kill();
  for (const leaver of leavers) leaver.leave();
  const killedAt = Date.now();
  await delay(lasts / 4);
  await node.start();
  await node.recover();
  await delay(Math.max(0, killedAt + Math.max(lasts, ghostLife) - Date.now()));
  const gone = new Set(leavers.map(({ person }) => person));
  for (const mistake of findPresenceMistakes(fleet))
    if (mistake.ghosts.some((ghost) => gone.has(ghost))) findings.add('late', describeMistake(mistake));
  for (const leaver of leavers) leaver.comeBack();
}

async function killBroker({ house, lasts }: World): Promise<void> {
  await house.rabbitmq.kill();
  await delay(lasts);
  await house.rabbitmq.restart();
}

async function killDatabase({ house, lasts }: World): Promise<void> {
  for (const node of house.nodes) node.sicken();
  await house.postgres.kill();
  await delay(lasts);
  await house.postgres.restart();
  await recoverAll(house);
}

async function cutFromBroker({ house, random, lasts }: World): Promise<void> {
  const node = random.pick(house.nodes);
  node.broker.drop();
  await delay(lasts);
  node.broker.pass();
}

async function cutFromDatabase({ house, warden, random, lasts }: World): Promise<void> {
  const node = random.pick(house.nodes);
  node.sicken();
  node.database.drop();
  for (const chatter of warden.pick((one) => isAt(one.node, node), 3)) await warden.revoke(chatter);
  await delay(lasts);
  node.database.pass();
  await node.recover();
}

async function slowDownBroker({ house, lasts }: World): Promise<void> {
  for (const { broker } of house.nodes) broker.delay(slowBroker);
  await delay(lasts);
  for (const { broker } of house.nodes) broker.pass();
}

/** A node that learns late may close late, and must be silent in time all the same. */
async function slowDownDatabase({ house, lasts }: World): Promise<void> {
  for (const node of house.nodes) {
    node.sicken();
    node.database.delay(slowDatabase);
  }
  await delay(lasts);
  for (const { database } of house.nodes) database.pass();
  await recoverAll(house);
}

/** It wakes up and believes that it is still in charge, while logins and memberships of its people have ended. */
async function pauseNode({ house, warden, random, lasts }: World): Promise<void> {
  const node = random.pick(house.nodes);
  node.sicken();
  node.pause();
  const [removed = [], revoked = []] = halve(warden.pick((chatter) => isAt(chatter.node, node), 8));
  for (const chatter of removed) await warden.remove(chatter);
  for (const chatter of revoked) await warden.revoke(chatter);
  await delay(lasts);
  node.wake();
  await node.recover();
}

/** A proxy cannot take single messages out of AMQP, so the nodes lose them themselves. */
async function loseMessages({ house, lasts }: World): Promise<void> {
  for (const node of house.nodes) node.tell('lose 100');
  await delay(lasts);
  for (const node of house.nodes) node.tell('lose 0');
}

async function restartAll({ house, findings, lasts }: World): Promise<void> {
  for (const node of house.nodes) {
    node.sicken();
    const code = await node.stop();
    if (code !== 0) findings.add('late', `a node that was told to stop ended with ${code}`);
    await node.start();
    await node.recover();
    await delay(lasts);
  }
}

async function sendToSleep({ warden, fleet, lasts }: World): Promise<void> {
  const [cut = [], held = []] = halve(warden.pick(() => true, Math.ceil(fleet.chatters.length / 4)));
  for (const chatter of cut) chatter.sleep({ cut: true });
  for (const chatter of held) chatter.sleep({ cut: false });
  await delay(lasts);
  for (const chatter of [...cut, ...held]) chatter.wake();
}

async function recoverAll({ nodes }: House): Promise<void> {
  await Promise.all(nodes.map((node) => node.recover()));
}

function isAt(address: string, { port }: HouseNode): boolean {
  return address.endsWith(`:${port}`);
}

function halve<Item>(items: readonly Item[]): [Item[], Item[]] {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)];
}
