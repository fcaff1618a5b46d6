import type { Say } from './benchmark.ts';
import { Contender } from './contender.ts';
import type { CrowdSize } from './load/seats.ts';
import { isInstalled, peers } from './peers/peer-catalog.ts';
import type { PeerName } from './peers/peer-name.ts';

/** Starts servers with their sockets, hands them over, and ends them whatever happens. */
export async function withContenders<Result>(
  wanted: readonly { name: PeerName; size: CrowdSize }[],
  say: Say,
  use: (contenders: readonly Contender[]) => Promise<Result>,
): Promise<Result> {
  const contenders: Contender[] = [];
  try {
    for (const { name, size } of wanted) {
      say(`${name}: connecting ${size.sockets.toLocaleString('en')} sockets …`);
      contenders.push(await Contender.start(name, size));
    }
    return await use(contenders);
  } finally {
    await Promise.all(contenders.map((contender) => contender.stop()));
  }
}

/** Those of the servers that this machine can run, and a sentence for each that it cannot. */
export function findInstalled(names: readonly PeerName[]): { present: PeerName[]; absent: string[] } {
  const absent = names.filter((name) => !isInstalled(name));
  return {
    present: names.filter(isInstalled),
    absent: absent.map((name) => `${name} was not measured: ${peers[name].needs} is missing.`),
  };
}
