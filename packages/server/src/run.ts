import { setTimeout as wait } from 'node:timers/promises';
import { collectGarbage } from './collect-garbage.ts';
import { ConfigError, readConfig, readEnvironment } from './config.ts';
import { lockDataFolder } from './database/sqlite/data-folder-lock.ts';
import { listen } from './listen.ts';
import { createLog } from './log.ts';
import { StartError } from './start-error.ts';

export type RunOptions = {
  /**
   * Makes the built pages ready and names their folder. Called once the settings, the port and the data folder are
   * known to be good, because it may take a minute.
   */
  preparePages(): Promise<string>;
};

/** Milliseconds that a load balancer has to notice that a node is not ready, before the node's port is closed. */
const balancerNotices = 2_000;
/** Within which a stop has ended, whatever hangs. */
const stopLimit = 20_000;

/** Runs Parlour until the process is told to stop. What cannot start says why in one line and exits with 1. */
export async function run(options: RunOptions): Promise<void> {
  try {
    await start(options);
  } catch (error) {
    if (!(error instanceof ConfigError) && !(error instanceof StartError)) throw error;
    for (const line of error.message.split('\n')) process.stderr.write(`${line}\n`);
    process.exit(1);
  }
}

async function start({ preparePages }: RunOptions): Promise<void> {
  const config = readConfig(readEnvironment());
  const listener = await listen(config.port, config.host);
  // What is kept is for this account alone, also in a folder that somebody else made open to all. Files that SQLite makes
  // later take after the first.
  const umask = process.umask(0o077);
  // The database holds the folder from its opening on; tried here too, because loading the rest takes most of a second.
  if (config.databaseUrl === undefined) lockDataFolder(config.dataFolder).release();
  const log = createLog();
  const onFatal = (error: Error) => {
    log.error('Parlour cannot go on', { cause: error });
    process.exit(1);
  };
  // Nothing is to be closed yet: whatever is held goes with the process.
  let stop = async (): Promise<void> => process.exit(0);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop().catch(onFatal));
  // Loaded only now, so that a start that cannot succeed says so at once.
  const [{ createApp }, { createWebPages }] = await Promise.all([import('./app.ts'), import('./web/web-pages.ts')]);
  const app = await createApp(config, { port: listener.port, log, onFatal, onWait: listener.explain });
  process.umask(umask);
  const outputFolder = await preparePages();
  app.servePages(createWebPages({ outputFolder, handleApi: app.handleApi, sockets: app.sockets, log }));
  // Now that there is no socket yet that would wait for it.
  collectGarbage();
  listener.handle(app.handlers);

  let stopping = false;
  stop = async () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), stopLimit).unref();
    // In this order nothing that is under way finds its ground gone: `/health/ready` says no, sockets go elsewhere while
    // requests are still served, the port is given up, and what was asked is answered before the database is closed.
    const noticed = config.brokerUrl === undefined ? undefined : wait(balancerNotices);
    listener.drain();
    await Promise.all([app.drain(), noticed]);
    await listener.close();
    await app.close();
    process.exit(0);
  };

  if (!config.rateLimits)
    log.warn('PARLOUR_RATE_LIMITS is off: anybody can flood this server. It is for benchmarks only.');
  const claimUrl = await app.claimUrl();
  if (claimUrl !== undefined) say(`Nobody owns this house yet. Claim it at ${claimUrl}`);
  say(`Parlour is ready at ${config.publicOrigin ?? `http://localhost:${listener.port}`}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
