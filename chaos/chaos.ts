import { parseArgs } from 'node:util';
import { faults, type World } from './faults.ts';
import { Findings } from './finding.ts';
import { Fleet } from './fleet.ts';
import { House } from './house.ts';
import { Ledger } from './ledger.ts';
import { OwnLag } from './own-lag.ts';
import { writeReport } from './report.ts';
import { type Outcome, runFault } from './run-fault.ts';
import { openScratchFolder } from './scratch-folder.ts';
import { SeededRandom } from './seeded-random.ts';
import { switches } from './switch-off.ts';
import { Warden } from './warden.ts';

const usage = `npm run chaos -- [--seed n] [--only fault,fault] [--clients n] [--rooms n] [--seconds n]
  faults: ${faults.map(({ name }) => name).join(', ')}
  to see that the checker notices: --without ${switches.join('|')}`;
const shownFindings = 10;
/** A client waits for at most 30 s before it tries again, and what it then does takes a while. */
const patience = 60_000;
/** For what surely does not come. */
const littlePatience = 5_000;

function readOptions() {
  const text = { type: 'string' } as const;
  const options = { seed: text, only: text, clients: text, rooms: text, seconds: text, without: text };
  const { values } = parseArgs({ options });
  const { seed, only, clients = '200', rooms = '50', seconds, without } = values;
  const numbers = {
    clients,
    rooms,
    ...(seed === undefined ? {} : { seed }),
    ...(seconds === undefined ? {} : { seconds }),
  };
  for (const [name, value] of Object.entries(numbers))
    if (!/^[1-9]\d{0,9}$/.test(value)) throw new Error(`--${name} must be a whole number above 0; it is “${value}”.`);
  const names = only?.split(',');
  const unknown = names?.filter((name) => !faults.some((fault) => fault.name === name)) ?? [];
  if (unknown.length > 0) throw new Error(`There is no fault called ${unknown.join(', ')}.`);
  const missing = switches.find((name) => name === without);
  if (missing !== without) throw new Error(`Nothing called ${without} can be switched off.`);
  return {
    without: missing,
    seed: Number(seed ?? 1 + Math.floor(Math.random() * 1e9)),
    chosen: faults.filter(({ name }) => names?.includes(name) ?? true),
    clients: Number(clients),
    rooms: Number(rooms),
    seconds: seconds === undefined ? undefined : Number(seconds),
  };
}

async function run({
  seed,
  chosen,
  clients,
  rooms,
  seconds,
  without,
}: ReturnType<typeof readOptions>): Promise<Outcome[]> {
  say(`Seed ${seed}: ${clients} clients in ${rooms} rooms.`);
  const house = await House.start(without);
  const findings = new Findings();
  const ledger = new Ledger(findings);
  // Apart, so that how often clients ask does not change whom a fault hits.
  const [random, fleetRandom] = [new SeededRandom(seed), new SeededRandom(seed + 1)];
  const fleet = await Fleet.gather({ house, ledger, random: fleetRandom, clients, rooms, without });
  const warden = new Warden(house, fleet, random);
  const ownLag = new OwnLag();
  const outcomes: Outcome[] = [];
  for (const fault of chosen) {
    const lasts = (seconds ?? fault.seconds) * 1_000;
    const world: World = {
      house,
      fleet,
      warden,
      random,
      findings,
      ownLag,
      lasts,
      patience: without === undefined ? patience : littlePatience,
    };
    const outcome = await runFault(fault, world, ledger);
    tell(outcome);
    outcomes.push(outcome);
  }
  fleet.close();
  await house.stop();
  return outcomes;
}

function tell({ fault, findings, silence, silent, own }: Outcome): void {
  const verdict = findings.length === 0 ? 'holds' : `${findings.length} findings`;
  const longest = `longest silence ${Math.round(silence)} ms (${silent})`;
  say(`${fault}: ${verdict}; ${longest}; this process was busy for ${Math.round(own)} ms at most`);
  for (const { column, text } of findings.slice(0, shownFindings)) say(`  ${column}: ${text}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function parse() {
  try {
    return readOptions();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${usage}\n`);
    process.exit(2);
  }
}

const options = parse();
const scratch = openScratchFolder();
// All that was started dies with this process, and the folder is swept after it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const outcomes = await run(options);
await scratch.remove();
say(`\n${writeReport(outcomes)}`);
process.exit(outcomes.every(({ findings }) => findings.length === 0) ? 0 : 1);
