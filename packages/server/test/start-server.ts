import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, type AppOptions, createApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { listen } from '../src/listen.ts';
import { createLog } from '../src/log.ts';
import { byHand } from './by-hand.ts';
import { dropDatabase, environmentOf, makeDatabase, type Place } from './test-database.ts';
import { Visitor } from './visitor.ts';

export type StartOptions = Partial<Pick<AppOptions, 'clock' | 'heartbeat' | 'log'>> & {
  environment?: Record<string, string>;
  /** A data folder that outlives the server; its maker removes it. */
  folder?: string;
};

export type TestServer = {
  app: App;
  /** Such as http://localhost:41234. */
  origin: string;
  folder: string;
  databaseUrl: string | undefined;
  /** Somebody at a browser who has not signed in. */
  visit(): Visitor;
  /** A new person, signed up and in. The name is one of the cast: ada, grace, linus … */
  signUp(name: string): Promise<Visitor>;
  stop(): Promise<void>;
};

/** Starts the whole server in this process on a free port, with real SQLite in a folder of its own. Sign-up is open. */
export async function startServer(options: StartOptions = {}): Promise<TestServer> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'parlour-test-'));
  const databaseUrl = options.folder === undefined ? makeDatabase() : undefined;
  const listener = await listen(0, '127.0.0.1');
  const origin = `http://localhost:${listener.port}`;
  const config = readConfig({
    PORT: '0',
    PARLOUR_DATA: folder,
    PARLOUR_SIGN_UP: 'open',
    ...(databaseUrl === undefined ? {} : environmentOf(databaseUrl, origin)),
    ...options.environment,
  });
  const fatal: Error[] = [];
  const lines: string[] = [];
  const issued = new Set<string>();
  const app = await createApp(config, {
    port: listener.port,
    log: options.log ?? createLog((line) => lines.push(line)),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    ...(options.heartbeat === undefined ? {} : { heartbeat: options.heartbeat }),
    onFatal: (error) => fatal.push(error),
  });
  listener.handle(app.handlers);
  const visit = () => new Visitor(origin, issued);
  return {
    app,
    origin,
    folder,
    databaseUrl,
    visit,
    signUp: async (name) => {
      const visitor = visit();
      await visitor.signUp(name);
      return visitor;
    },
    stop: async () => {
      await Promise.all([listener.close(), app.close()]);
      const told = lines.join('') + readAudit({ folder, databaseUrl });
      dropDatabase(databaseUrl);
      const leaked = [...issued].filter((secret) => told.includes(secret));
      if (options.folder === undefined) rmSync(folder, { recursive: true });
      if (leaked.length > 0) throw new Error(`${leaked.length} secrets stand in a log`);
      if (fatal.length > 0) throw new AggregateError(fatal, 'a part of the server died');
    },
  };
}

function readAudit(place: Place): string {
  return JSON.stringify(byHand(place, (db) => db.prepare('SELECT * FROM audit ORDER BY number DESC LIMIT 5000').all()));
}
