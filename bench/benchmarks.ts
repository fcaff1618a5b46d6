import type { Benchmark } from './benchmark.ts';
import { cluster } from './cluster.ts';
import { costs } from './costs.ts';
import { fanout } from './fanout.ts';
import { handshake } from './handshake.ts';
import { revocation } from './revocation.ts';
import { scale } from './scale.ts';

/** In the order in which `npm run bench` runs them. */
export const benchmarks: Readonly<Record<string, Benchmark>> = {
  fanout,
  handshake,
  revocation,
  cluster,
  costs,
  scale,
};
