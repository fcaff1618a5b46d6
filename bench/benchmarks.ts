import type { Benchmark } from './benchmark.ts';
import { cluster } from './cluster.ts';
import { costs } from './costs.ts';
import { fanout } from './fanout.ts';
import { growth } from './growth.ts';
import { handshake } from './handshake.ts';
import { history } from './history.ts';
import { memory } from './memory.ts';
import { pages } from './pages.ts';
import { revocation } from './revocation.ts';
import { rooms } from './rooms.ts';
import { scale } from './scale.ts';
import { sends } from './sends.ts';
import { slow } from './slow.ts';
import { start } from './start.ts';
import { storm } from './storm.ts';

/** In the order in which `npm run bench` runs them. */
export const benchmarks: Readonly<Record<string, Benchmark>> = {
  fanout,
  rooms,
  sends,
  growth,
  handshake,
  memory,
  storm,
  slow,
  history,
  start,
  pages,
  revocation,
  cluster,
  costs,
  scale,
};
