import { getRequestListener } from '@hono/node-server';
import type { RoomEvent } from '@parlour/protocol/events';
import { limits } from '@parlour/protocol/limits';
import { AccessGrants } from './access-tokens/find-access-grant.ts';
import type { Caller } from './accounts/caller.ts';
import { createAccounts } from './accounts/create-accounts.ts';
import { covers } from './accounts/scope.ts';
import { createApi } from './api.ts';
import { logBackgroundErrors } from './background-errors.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { openDatabase } from './database/database.ts';
import { keepTrying } from './database/keep-trying.ts';
import { admitRequests } from './http/admit-requests.ts';
import { Origins } from './http/origins.ts';
import { answerUnrouted } from './http/problem.ts';
import { createRateLimits, RateLimit } from './http/rate-limit.ts';
import { createFindAddress } from './http/request-context.ts';
import type { Handlers } from './listen.ts';
import type { Log } from './log.ts';
import { openMail } from './mail/open-mail.ts';
import { MessageStore, messageProcedures } from './messages/message-store.ts';
import { createSendMessage } from './messages/send-message.ts';
import { openFanout } from './open-fanout.ts';
import { Pace } from './pace.ts';
import { createRealtime } from './realtime.ts';
import { leaveEveryRoom } from './rooms/leave-every-room.ts';
import { signUpInvites } from './rooms/sign-up-invites.ts';
import { createStarterRooms, joinStarterRoom } from './rooms/starter-rooms.ts';
import { beginSecondStep } from './second-factor/second-step.ts';
import { SecondStepCookie } from './second-factor/second-step-cookie.ts';
import { openSecrets } from './secrets.ts';
import { createSignInProviders } from './single-sign-on/create-sign-in-providers.ts';
import { findSignOutUrl } from './single-sign-on/find-sign-out-url.ts';
import { purgeLogouts } from './single-sign-on/logout-store.ts';
import type { LiveGrant } from './sockets/connection-deps.ts';
import type { HeartbeatTimes } from './sockets/heartbeat.ts';
import { createUpgradeWatch, secondsToWait } from './upgrade-watch.ts';
import { plainPage } from './web/plain-page.ts';

const purgeInterval = 10 * 60 * 1_000;

export type AppOptions = {
  /** The port that is listened on, known only after listening. */
  port: number;
  log: Log;
  clock?: Clock;
  heartbeat?: HeartbeatTimes;
  /** The database is not there yet, for this reason. */
  onWait?(reason: string): void;
  /** A part that cannot be done without is gone: the process should end. */
  onFatal(error: Error): void;
};

export type Pages = { fetch(request: Request): Promise<Response>; close(): Promise<void> };

export type App = {
  /** Answers a request in-process, as if it had come over the network. */
  fetch(request: Request): Promise<Response>;
  /** The same for what a page asks of the API while it is rendered, in the name of the page's visitor. */
  handleApi(request: Request, page: Request): Promise<Response>;
  /** This house's own origins, as its pages connect to them. */
  sockets: readonly string[];
  /** From here on everything that is not the API is a page. */
  servePages(pages: Pages): void;
  handlers: Handlers;
  /** How to claim the house, while nobody has. */
  claimUrl(): Promise<string | undefined>;
  /** Is not ready any more and sends its sockets elsewhere; requests are still served. */
  drain(): Promise<void>;
  close(): Promise<void>;
};

/** The one place where everything is wired. */
export async function createApp(config: Config, options: AppOptions): Promise<App> {
  const { log, clock = systemClock } = options;
  const onError = logBackgroundErrors(log);
  const pace = new Pace();
  const trying = { log, onWait: options.onWait };
  const database = await keepTrying(
    () =>
      openDatabase({
        folder: config.dataFolder,
        url: config.databaseUrl,
        isShared: config.brokerUrl !== undefined,
        pace,
        procedures: messageProcedures(),
        onFatal: options.onFatal,
        onError,
      }),
    trying,
  );
  const { kysely } = database;
  const origins = new Origins({
    publicOrigin: config.publicOrigin,
    listed: config.origins,
    port: () => options.port,
  });
  const origin = () => origins.own;
  const secure = config.publicOrigin?.startsWith('https:') ?? false;
  const fanout = await openFanout(config, log);
  const publish = (event: RoomEvent) => realtime.publish(event);
  const roomDeps = { db: database, clock, publish, origin };
  const rateLimits = createRateLimits(clock, config.rateLimits);

  const secrets = openSecrets(config);
  const accessTokens = new AccessGrants({ db: database, clock, log });
  const signInProviders = createSignInProviders(config, { clock, secrets, origin });
  const mail = await openMail({ config, origin, log });
  const accounts = createAccounts({
    config,
    db: database,
    clock,
    log,
    secrets,
    origins,
    limits: rateLimits,
    invites: signUpInvites(roomDeps),
    accessTokens,
    mail: mail.mailer,
    onSignUp: (person) => joinStarterRoom(roomDeps, person),
    onRename: (person) => realtime.rename(person),
    beginSecondStep: (userId) => beginSecondStep(waysIn, userId),
    findSignOutUrl: (at) => findSignOutUrl({ ...signInProviders, log }, at),
    onAccountEnding: (trx, person) => leaveEveryRoom(roomDeps, trx, person),
    onSessionEnded: () => realtime.noticeRevocation(),
  });

  const waysIn = {
    ...accounts.ground,
    ...signInProviders,
    attempts: accounts.attempts,
    houseName: config.name,
    stepCookie: new SecondStepCookie({ secure }),
  };

  const messages = new MessageStore(database);
  const sends = new RateLimit({ perSecond: limits.sendsPerSecond, burst: limits.sendBurst, clock });
  const sendMessage = createSendMessage({
    messages,
    clock,
    publish,
    countSend: config.rateLimits ? (user) => sends.count(user) : () => undefined,
  });
  const realtime = createRealtime({
    pace,
    database,
    messages,
    fanout,
    sendMessage,
    clock,
    onError,
    handshakeTimeout: config.handshakeTimeout * 1_000,
    limitsSpeed: config.rateLimits,
    ...(options.heartbeat === undefined ? {} : { heartbeat: options.heartbeat }),
    useTicket: accounts.useTicket,
    verifyToken: accounts.verifyToken,
    findGrant: async (id) => toLiveGrant(await accounts.findGrant(id)),
    allowsOrigin: (candidate) => origins.allows(candidate),
    ...createUpgradeWatch({
      limit: rateLimits.upgrade,
      findAddress: createFindAddress(config.trustedProxies),
      attempts: accounts.attempts,
    }),
  });
  await keepTrying(() => createStarterRooms(roomDeps), trying);
  await keepTrying(() => realtime.start(), trying);

  const purge = () => Promise.all([accounts.purge(), accessTokens.purge(), purgeLogouts(kysely, clock.now())]);
  const purging = setInterval(() => void purge().catch(onError), purgeInterval);
  const http = createApi({
    config,
    clock,
    log,
    database,
    origins,
    rateLimits,
    roomDeps,
    accounts,
    signOnDeps: { ...accounts.ground, ...signInProviders },
    waysIn,
    mailer: mail.mailer,
    messages,
    sendMessage,
    realtime,
  });

  let pages: Pages | undefined;
  const visitors = new WeakMap<Request, string>();
  http.all('*', (c) => {
    if (pages === undefined || /^\/(api|health)(\/|$)/.test(c.req.path)) return answerUnrouted(http, c);
    const wait = secondsToWait(rateLimits.page, c.var.clientAddress);
    if (wait > 0)
      return plainPage(429, 'A little slower, please', 'Too many pages were asked for.', {
        'retry-after': String(wait),
      });
    visitors.set(c.req.raw, c.var.clientAddress);
    return pages.fetch(c.req.raw);
  });

  return {
    fetch: async (request) => http.fetch(request),
    handleApi: async (request, page) => http.fetch(request, { clientAddress: visitors.get(page) ?? '' }),
    sockets: origins.sockets,
    servePages: (given) => {
      pages = given;
    },
    handlers: {
      request: admitRequests(
        pace,
        getRequestListener((request, { incoming }) => http.fetch(request, { incoming })),
      ),
      upgrade: (request, socket, head) => realtime.sockets.upgrade(request, socket, head),
    },
    claimUrl: async () =>
      (await keepTrying(() => accounts.isClaimed(), trying)) ? undefined : `${origins.own}/claim/${accounts.claimCode}`,
    drain: () => realtime.drain(),
    close: async () => {
      clearInterval(purging);
      await pages?.close();
      await realtime.stop();
      await mail.close();
      await fanout.close();
      await database.close();
    },
  };
}

function toLiveGrant(caller: Caller | undefined): LiveGrant | undefined {
  return caller && { ...caller, mayWrite: covers(caller.scope, 'write') };
}
