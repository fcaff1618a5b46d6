import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { createApp } from '../packages/server/src/app.ts';
import { ConfigError, readConfig, readEnvironment } from '../packages/server/src/config.ts';
import { listen } from '../packages/server/src/listen.ts';
import { createLog } from '../packages/server/src/log.ts';
import { StartError } from '../packages/server/src/start-error.ts';

const pages = new URL(process.env['PAGES_ORIGIN'] ?? '');
const isOurs = (message: IncomingMessage) => /^\/(api|health)(\/|\?|$)/.test(message.url ?? '');

/** Everything that is not the API is Nuxt's, its hot reload over a WebSocket included. */
async function run(): Promise<void> {
  const config = readConfig(readEnvironment());
  const listener = await listen(config.port, config.host);
  const log = createLog();
  const onFatal = (error: Error) => {
    log.error('Parlour cannot go on', { cause: error });
    process.exit(1);
  };
  const app = await createApp(config, { port: listener.port, log, onFatal });
  listener.handle({
    request: (incoming, response) =>
      isOurs(incoming) ? app.handlers.request(incoming, response) : passOn(incoming, response),
    upgrade: (incoming, socket, head) =>
      isOurs(incoming) ? app.handlers.upgrade(incoming, socket, head) : passOnUpgrade(incoming, socket, head),
  });
  process.once('SIGTERM', () => {
    Promise.all([listener.close(), app.close()]).then(() => process.exit(0), onFatal);
  });
  const claimUrl = await app.claimUrl();
  if (claimUrl !== undefined) console.log(`Nobody owns this house yet. Claim it at ${claimUrl}`);
  console.log(`Parlour is ready at http://localhost:${listener.port}`);
}

function passOn(incoming: IncomingMessage, response: ServerResponse): void {
  const { method, url, headers } = incoming;
  const outgoing = request(new URL(url ?? '/', pages), { method: method ?? 'GET', headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.on('error', () => {
    if (!response.headersSent) response.writeHead(503, { 'retry-after': '2' });
    response.end('The pages are still being built. Reload in a moment.\n');
  });
  incoming.pipe(outgoing);
}

function passOnUpgrade({ method, url, rawHeaders }: IncomingMessage, socket: Duplex, head: Buffer): void {
  const behind = connect(Number(pages.port), pages.hostname, () => {
    const headers = rawHeaders.map((text, i) => (i % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('');
    behind.write(`${method} ${url} HTTP/1.1\r\n${headers}\r\n`);
    behind.write(head);
    behind.pipe(socket).pipe(behind);
  });
  for (const [end, other] of [
    [behind, socket],
    [socket, behind],
  ] as const)
    end.on('error', () => other.destroy()).on('close', () => other.destroy());
}

try {
  await run();
} catch (error) {
  if (!(error instanceof ConfigError) && !(error instanceof StartError)) throw error;
  console.error(error.message);
  process.exit(1);
}
