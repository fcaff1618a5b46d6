import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Person } from '@parlour/protocol/events';
import { sql } from 'kysely';
import { accessTokenRoutes } from '../src/access-tokens/access-token-routes.ts';
import { AccessGrants } from '../src/access-tokens/find-access-grant.ts';
import type { CloseAccountDeps } from '../src/accounts/close-account.ts';
import { type Accounts, createAccounts } from '../src/accounts/create-accounts.ts';
import { Sealer } from '../src/accounts/sealer.ts';
import { type Config, readConfig } from '../src/config.ts';
import { type Database, openDatabase } from '../src/database/database.ts';
import { refuseCrossSite } from '../src/http/cross-site.ts';
import { newRoutes } from '../src/http/http-app.ts';
import { Origins } from '../src/http/origins.ts';
import { answerUnrouted, createErrorHandler } from '../src/http/problem.ts';
import { createRateLimits } from '../src/http/rate-limit.ts';
import { requestContext } from '../src/http/request-context.ts';
import { requireScope } from '../src/http/require-scope.ts';
import { createLog } from '../src/log.ts';
import { openMail } from '../src/mail/open-mail.ts';
import { passkeyRoutes } from '../src/passkeys/passkey-routes.ts';
import { resetLinkRoutes } from '../src/people/reset-link-routes.ts';
import { signUpInvites } from '../src/rooms/sign-up-invites.ts';
import { secondFactorRoutes } from '../src/second-factor/second-factor-routes.ts';
import { beginSecondStep } from '../src/second-factor/second-step.ts';
import { SecondStepCookie } from '../src/second-factor/second-step-cookie.ts';
import { openSecrets } from '../src/secrets.ts';
import { translate } from './postgres-shell.ts';
import { settleDatabase } from './settle-database.ts';
import { TestBrowser } from './test-browser.ts';
import { dropDatabase, makeDatabase } from './test-database.ts';

export type AccountsHouse = {
  accounts: Accounts;
  accessTokens: AccessGrants;
  db: Database;
  config: Config;
  /** Milliseconds since 1970; moves only when a test moves it. */
  time: { now: number };
  /** What was logged, a line an entry. */
  log: string[];
  /** Called for each new person. */
  onSignUp(person: Person): Promise<void>;
  onRename(person: Person): void;
  onAccountEnding: CloseAccountDeps['onAccountEnding'];
  nowText(): string;
  /** Runs a statement as somebody with the database's shell would. */
  sql(statement: string): Promise<void>;
  /** Waits for what was written in the background. */
  settle(): Promise<void>;
  browser(headers?: Record<string, string>, clientAddress?: string): TestBrowser;
  close(): Promise<void>;
};

const start = Date.UTC(2026, 0, 5, 9);

/** The accounts of a house over a real database, called in-process as the application calls them. */
export async function openAccounts(settings: Partial<Config> = {}): Promise<AccountsHouse> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'parlour-accounts-'));
  const config: Config = { ...readConfig({}), dataFolder, publicOrigin: 'http://house.example', ...settings };
  const time = { now: start };
  const clock = { now: () => time.now };
  const log: string[] = [];
  const lines = createLog((line) => void log.push(line));
  const databaseUrl = makeDatabase();
  const db = await openDatabase({
    folder: dataFolder,
    url: databaseUrl,
    onFatal: (error) => {
      throw error;
    },
  });
  const origins = new Origins({ publicOrigin: config.publicOrigin, listed: config.origins, port: () => 3000 });
  const accessTokens = new AccessGrants({ db, clock, log: lines });
  const mail = await openMail({ config, origin: () => origins.own, log: lines });
  const secrets = openSecrets(config);
  const accounts = createAccounts({
    config,
    db,
    clock,
    log: lines,
    secrets,
    origins,
    limits: createRateLimits(clock, config.rateLimits),
    invites: signUpInvites({ db, clock }),
    accessTokens,
    mail: mail.mailer,
    onSignUp: (person) => house.onSignUp(person),
    beginSecondStep: (userId) => beginSecondStep(waysIn, userId),
    onRename: (person) => house.onRename(person),
    findSignOutUrl: async () => undefined,
    onAccountEnding: (trx, person) => house.onAccountEnding(trx, person),
    onSessionEnded: () => undefined,
  });
  const waysIn = {
    ...accounts.ground,
    attempts: accounts.attempts,
    houseName: config.name,
    providers: new Map<string, unknown>(),
    origin: () => origins.own,
    sealer: new Sealer(secrets.sealingKey),
    stepCookie: new SecondStepCookie({ secure: false }),
  };
  const app = newRoutes();
  app.onError(createErrorHandler(lines));
  app.use(requestContext(config.trustedProxies));
  app.use('/api/*', refuseCrossSite(origins), accounts.authenticate, requireScope);
  app.route('/api', accounts.routes);
  app.route('/api', passkeyRoutes(waysIn));
  app.route('/api', secondFactorRoutes(waysIn));
  app.route('/api', resetLinkRoutes({ ...accounts.ground, origin: () => origins.own }));
  app.route('/api', accessTokenRoutes({ db, clock, onGrantEnded: () => undefined }));
  app.notFound((c) => answerUnrouted(app, c));
  const house: AccountsHouse = {
    accounts,
    accessTokens,
    db,
    config,
    time,
    log,
    onSignUp: async () => undefined,
    onRename: () => undefined,
    onAccountEnding: async () => () => undefined,
    nowText: () => new Date(time.now).toISOString(),
    sql: async (statement) =>
      void (await sql.raw(db.kind === 'sqlite' ? statement : translate(statement)).execute(db.kysely)),
    settle: () => settleDatabase(db),
    browser: (headers = {}, clientAddress = '192.0.2.1') =>
      new TestBrowser(app, { 'user-agent': 'a test', ...headers }, clientAddress),
    close: async () => {
      await mail.close();
      await db.close();
      dropDatabase(databaseUrl);
      rmSync(dataFolder, { recursive: true });
    },
  };
  return house;
}
