// One node, as it runs for people apart from the pages; what it is beside or behind stands in the settings it is given.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openParlour } from './open-parlour.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const { app, listener, close } = await openParlour(JSON.parse(process.argv[2] ?? '') as Record<string, string>);
listener.handle(app.handlers);
// Asked before its memory is read: what nobody holds any more is not what a socket costs. Its processor time is read from
// outside, and nothing else runs here: watching the loop's delay would be most of what an idle node does.
process.on('message', () => {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  process.send?.({ held: heapUsed + external });
});
// Ctrl-C reaches this process too. It ends when the benchmark has, so that it can tidy up.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => {
  void close().finally(() => process.exit(0));
});
process.send?.({ port: listener.port });
