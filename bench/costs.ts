import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BenchCluster } from './bench-cluster.ts';
import type { Benchmark } from './benchmark.ts';
import { Child } from './child.ts';
import type { CostsPlan } from './costs/costs-bench.ts';
import { measureCosts } from './costs/measure-costs.ts';
import { type CostsFile, describeMachine, reportCosts } from './costs-report.ts';
import { type CostsHouse, fillCostsHouse } from './load/costs-house.ts';
import { readOptions } from './read-numbers.ts';
import { UsageError } from './usage-error.ts';

const usage = '[--rounds 3] [--sockets 2000] [--seconds 1] [--save] [--while "the machine was idle"]';

/** The whole takes less than three minutes on two cores. */
export const fullPlan: CostsPlan = {
  rounds: 3,
  milliseconds: 1_000,
  senders: 200,
  sockets: 2_000,
  idleSeconds: 20,
  crowd: 500,
  few: 20,
  messages: 50_000,
};

export function readCostsOptions(args: readonly string[]): { plan: CostsPlan; isSaved: boolean; meanwhile: string } {
  const options = {
    rounds: { type: 'string', default: String(fullPlan.rounds) },
    sockets: { type: 'string', default: String(fullPlan.sockets) },
    seconds: { type: 'string', default: String(fullPlan.milliseconds / 1_000) },
    save: { type: 'boolean', default: false },
    while: { type: 'string', default: '' },
  } as const;
  const values = readOptions(() => parseArgs({ args: [...args], options }).values);
  const [rounds, sockets, seconds] = [Number(values.rounds), Number(values.sockets), Number(values.seconds)];
  if (!(rounds >= 1 && sockets >= 100 && seconds > 0))
    throw new UsageError(`The benchmark of costs takes ${usage}, with at least 100 sockets.`);
  const plan = { ...fullPlan, rounds, sockets, milliseconds: seconds * 1_000 };
  return { plan, isSaved: values.save, meanwhile: values.while };
}

function houseFor({ sockets, crowd }: CostsPlan): CostsHouse {
  const people = 2 * sockets;
  return {
    people,
    listeners: crowd,
    loudRooms: 256,
    quietRooms: 1_000,
    wideRooms: Math.min(40, Math.floor(people / 100)),
    narrowRooms: Math.min(200, Math.floor(people / 10)),
  };
}

/** What each thing that a node, the database and the broker do costs in processor time, memory and bytes. */
export async function runCosts(plan: CostsPlan, say: (line: string) => void): Promise<CostsFile> {
  say('starting PostgreSQL, RabbitMQ and two nodes …');
  const cluster = await BenchCluster.start();
  const load = new Child(new URL('./load/costs-load.ts', import.meta.url));
  try {
    await load.next();
    const house = houseFor(plan);
    await fillCostsHouse(cluster.ports.near, (text) => cluster.sql(text), house);
    const machine = describeMachine(await cluster.findVersions());
    const costs = await measureCosts({ cluster, load, plan, house, say });
    return { machine, costs };
  } finally {
    await load.stop();
    await cluster.stop();
  }
}

export const costsPath = fileURLToPath(new URL('./results/costs.json', import.meta.url));

export const costs: Benchmark = {
  usage,
  about: 'what everything costs that nodes, database and broker of a large house do',
  minutes: 4,
  run: async (args, say) => {
    const { plan, isSaved, meanwhile } = readCostsOptions(args);
    const file = await runCosts(plan, say);
    const saved = { ...file, machine: { ...file.machine, meanwhile } };
    if (isSaved) writeFileSync(costsPath, `${JSON.stringify(saved, null, 2)}\n`);
    return reportCosts(file, plan.rounds);
  },
};
