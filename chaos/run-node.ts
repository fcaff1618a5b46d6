// A node of the house as it is, but for one thing that a proxy cannot do to AMQP: told `lose 100`, it loses one message
// in a hundred of what it gives to the broker, and says nothing; told `lose 0`, none.
import { join } from 'node:path';
import { BrokerLink } from '../packages/server/src/fanout/broker-link.ts';
import { run } from '../packages/server/src/run.ts';
import { switchOff } from './switch-off.ts';

let oneIn = 0;
process.stdin
  .setEncoding('utf8')
  .on('data', (text: string) => {
    oneIn = Number(/lose (\d+)/.exec(text)?.[1] ?? oneIn);
  })
  .on('end', () => process.exit(0));

const publish = BrokerLink.prototype.publish;
BrokerLink.prototype.publish = function (...message) {
  return (oneIn > 0 && Math.random() * oneIn < 1) || publish.apply(this, message);
};

switchOff(process.env['CHAOS_WITHOUT']);
await run({ preparePages: async () => join(import.meta.dirname, '../packages/server/test/stub-pages') });
