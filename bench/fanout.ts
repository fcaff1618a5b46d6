import { parseArgs } from 'node:util';
import type { Benchmark } from './benchmark.ts';
import { Contender, type PeerName, type Round } from './contender.ts';
import { type FanoutFigures, reportFanout } from './fanout-report.ts';

const peers: readonly PeerName[] = ['plain-ws', 'socket-io', 'parlour'];
const modes = [1, 16];
/** Discarded: the first thousand messages are run by code that was not compiled yet. */
const warmUps = 2;

export type FanoutOptions = { members: number; rounds: number; milliseconds: number };

const usage = '[--members 1000] [--rounds 7] [--seconds 1]';

export function readFanoutOptions(args: readonly string[]): FanoutOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      members: { type: 'string', default: '1000' },
      rounds: { type: 'string', default: '7' },
      seconds: { type: 'string', default: '1' },
    },
  });
  const [members, rounds, seconds] = [values.members, values.rounds, values.seconds].map(Number);
  if (!(Number(members) >= Math.max(...modes) && Number(rounds) >= 1 && Number(seconds) > 0)) {
    throw new Error(`The fan-out benchmark takes ${usage}, with at least ${Math.max(...modes)} members.`);
  }
  return { members: Number(members), rounds: Number(rounds), milliseconds: Number(seconds) * 1_000 };
}

/** One room, one message to everybody in it, again and again: what a delivery costs beside other servers. */
export async function runFanout(options: FanoutOptions, say: (line: string) => void): Promise<FanoutFigures> {
  const contenders = peers.map((name) => new Contender(name));
  try {
    for (const contender of contenders) {
      say(`${contender.name}: connecting ${options.members} sockets …`);
      await contender.fill(options.members);
    }
    return await measureAll(contenders, options, say);
  } finally {
    await Promise.all(contenders.map((contender) => contender.stop()));
  }
}

// Interleaved, and each round begins with another server, so that what else the machine does meets all of them alike.
async function measureAll(
  contenders: Contender[],
  { members, rounds, milliseconds }: FanoutOptions,
  say: (line: string) => void,
): Promise<FanoutFigures> {
  const figures: FanoutFigures = { members, modes: modes.map((inFlight) => ({ inFlight, rounds: newRounds() })) };
  for (let number = -warmUps; number < rounds; number++) {
    say(number < 0 ? 'warming up …' : `round ${number + 1} of ${rounds} …`);
    const turn = Math.max(0, number) % contenders.length;
    for (const mode of figures.modes) {
      for (const contender of [...contenders.slice(turn), ...contenders.slice(0, turn)]) {
        const round = await contender.measure({ inFlight: mode.inFlight, milliseconds });
        if (number >= 0) mode.rounds[contender.name].push(round);
      }
    }
  }
  return figures;
}

function newRounds(): Record<PeerName, Round[]> {
  return { 'plain-ws': [], 'socket-io': [], parlour: [] };
}

export const fanout: Benchmark = {
  usage,
  about: 'what a delivery costs in one large room, beside plain ws and Socket.IO',
  minutes: 5,
  run: async (args, say) => reportFanout(await runFanout(readFanoutOptions(args), say)),
  check: ['--rounds', '5', '--seconds', '0.5'],
};
