import type { Benchmark } from './benchmark.ts';
import { costs } from './costs.ts';
import { fanout } from './fanout.ts';
import { handshake } from './handshake.ts';
import { memory } from './memory.ts';
import { revocation } from './revocation.ts';
import { scale } from './scale.ts';
import { storm } from './storm.ts';

/** In the order in which `npm run bench` runs them. */
export const benchmarks: Readonly<Record<string, Benchmark>> = {
  fanout,
  handshake,
  memory,
  storm,
  revocation,
  costs,
  scale,
};
