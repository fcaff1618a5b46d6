import { describeFanout } from '../../test/fanout/fanout-contract.ts';
import { MemoryFanout } from './memory-fanout.ts';

describeFanout('the fan-out in memory', { open: async () => new MemoryFanout(), settle: async () => undefined });
