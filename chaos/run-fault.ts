import { setTimeout as delay } from 'node:timers/promises';
import { checkMessages } from './check-messages.ts';
import { checkRevocations } from './check-revocations.ts';
import type { Fault, World } from './faults.ts';
import type { Finding } from './finding.ts';
import { readHistory } from './history.ts';
import type { Ledger } from './ledger.ts';
import { settle } from './settle.ts';

/** What one fault did. Times are milliseconds. */
export type Outcome = {
  fault: string;
  sent: number;
  acknowledged: number;
  findings: Finding[];
  silence: number;
  /** Whose that was. */
  silent: string;
  slowestRevocation: number;
  /** The longest that this process itself kept everybody waiting: times above are no better than that. */
  own: number;
};

const calm = 3_000;

/** Calm, the fault, calm; then nobody sends until everybody has everything, and all of it is checked. */
export async function runFault(fault: Fault, world: World, ledger: Ledger): Promise<Outcome> {
  const { house, fleet, warden, findings } = world;
  const before = { at: Date.now(), sent: ledger.sent.size, acknowledged: ledger.acknowledged.size };
  fleet.spread();
  fleet.talk();
  await delay(calm);
  const over = new AbortController();
  const walk = warden.walk(over.signal);
  process.stdout.write(`${fault.name} begins\n`);
  await fault.run(world);
  over.abort();
  await walk;
  await delay(calm);
  fleet.hush();
  await settle(world);
  checkMessages(ledger, fleet, await readHistory(house), findings);
  const slowestRevocation = await checkRevocations(world, before.at);
  const { longest: silence, who: silent } = ledger.takeSilence();
  await fleet.replaceRevoked();
  return {
    fault: fault.name,
    sent: ledger.sent.size - before.sent,
    acknowledged: ledger.acknowledged.size - before.acknowledged,
    findings: findings.take(),
    silence,
    silent,
    slowestRevocation,
    own: world.ownLag.longestBetween(before.at, Date.now()),
  };
}
