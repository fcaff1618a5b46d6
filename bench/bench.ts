import { cluster, clusterUsage } from './cluster.ts';
import { costs, costsUsage } from './costs.ts';
import { fanout, fanoutUsage } from './fanout.ts';
import { handshake, handshakeUsage } from './handshake.ts';
import { revocation, revocationUsage } from './revocation.ts';
import { scale, scaleUsage } from './scale.ts';

type Benchmark = { usage: string; about: string; run(args: readonly string[]): Promise<void> };

const benchmarks: Record<string, Benchmark> = {
  cluster: {
    usage: clusterUsage,
    about: 'what deliveries and sends cost on two nodes, beside one node and Socket.IO with Redis',
    run: cluster,
  },
  costs: {
    usage: costsUsage,
    about: 'what everything costs that nodes, database and broker of a large house do',
    run: costs,
  },
  fanout: {
    usage: fanoutUsage,
    about: 'what a delivery costs in one large room, beside plain ws and Socket.IO',
    run: fanout,
  },
  handshake: {
    usage: handshakeUsage,
    about: 'what it costs to bring a login to a live socket, beside Express and Socket.IO',
    run: handshake,
  },
  revocation: {
    usage: revocationUsage,
    about: 'how soon the sockets of an ended session are gone, among thousands of others',
    run: revocation,
  },
  scale: {
    usage: scaleUsage,
    about: 'what houses of 10,000 to 10 million connected people ask for, reckoned from the costs measured last',
    run: scale,
  },
};

/** No benchmark takes longer than this many milliseconds; its processes end with this one. */
const longest = 3 * 60 * 1_000;

const [name = '', ...args] = process.argv.slice(2);
const benchmark = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
if (benchmark === undefined) {
  const lines = Object.entries(benchmarks).map(
    ([key, { usage, about }]) => `  npm run bench -- ${key} ${usage}\n      ${about}`,
  );
  process.stderr.write(`Which benchmark?\n${lines.join('\n')}\n`);
  process.exit(1);
}
setTimeout(() => {
  process.stderr.write(`The benchmark took longer than ${longest / 1_000} s: this machine is too busy for it.\n`);
  process.exit(1);
}, longest).unref();
await benchmark.run(args);
