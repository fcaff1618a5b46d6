import type { Hono } from 'hono';
import { accessTokenRoutes } from './access-tokens/access-token-routes.ts';
import type { Accounts } from './accounts/create-accounts.ts';
import { nameDevice } from './accounts/name-device.ts';
import { auditRoutes } from './audit/audit-routes.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Database } from './database/database.ts';
import { apiDescription } from './http/api-description.ts';
import { refuseCrossSite } from './http/cross-site.ts';
import { healthRoutes } from './http/health-routes.ts';
import { type AppEnv, newRoutes } from './http/http-app.ts';
import type { Origins } from './http/origins.ts';
import { createErrorHandler } from './http/problem.ts';
import { limitByCaller, limitByNetwork, type RateLimits } from './http/rate-limit.ts';
import { requestContext } from './http/request-context.ts';
import { requireScope } from './http/require-scope.ts';
import { securityHeaders } from './http/security-headers.ts';
import type { Log } from './log.ts';
import type { Mailer } from './mail/create-mailer.ts';
import { messageRoutes } from './messages/message-routes.ts';
import type { MessageStore } from './messages/message-store.ts';
import type { SendMessage } from './messages/send-message.ts';
import { type PasskeyRouteDeps, passkeyRoutes } from './passkeys/passkey-routes.ts';
import { peopleRoutes } from './people/people-routes.ts';
import { resetLinkRoutes } from './people/reset-link-routes.ts';
import { postRoutes } from './posts/post-routes.ts';
import type { Realtime } from './realtime.ts';
import { createRefuse } from './rooms/find-room.ts';
import { inviteRoutes } from './rooms/invite-routes.ts';
import { revokeInvitesOf } from './rooms/revoke-invites-of.ts';
import type { RoomDeps } from './rooms/room.ts';
import { roomRoutes } from './rooms/room-routes.ts';
import { type SecondFactorRouteDeps, secondFactorRoutes } from './second-factor/second-factor-routes.ts';
import { identityRoutes } from './single-sign-on/identity-routes.ts';
import type { SignOnDeps } from './single-sign-on/sign-on-deps.ts';
import { isBackChannel, singleSignOnRoutes } from './single-sign-on/single-sign-on-routes.ts';

export type ApiParts = {
  config: Pick<Config, 'publicOrigin' | 'trustedProxies'>;
  clock: Clock;
  log: Log;
  database: Database;
  origins: Origins;
  rateLimits: RateLimits;
  roomDeps: RoomDeps & { origin(): string };
  accounts: Accounts;
  signOnDeps: SignOnDeps;
  waysIn: PasskeyRouteDeps & SecondFactorRouteDeps;
  mailer: Mailer | undefined;
  messages: MessageStore;
  sendMessage: SendMessage;
  realtime: Realtime;
};

/** Every route, behind the rules that stand before all of them. */
export function createApi(parts: ApiParts): Hono<AppEnv> {
  const { config, clock, log, database, origins, rateLimits, roomDeps, accounts, signOnDeps, waysIn, mailer } = parts;
  const { messages, sendMessage, realtime } = parts;
  const http = newRoutes();
  http.onError(createErrorHandler(log));
  http.use(
    requestContext(config.trustedProxies),
    securityHeaders({ secure: config.publicOrigin?.startsWith('https:') ?? false }),
  );
  http.use(
    '/api/*',
    refuseCrossSite(origins, isBackChannel),
    accounts.authenticate,
    limitByCaller(rateLimits.api),
    requireScope,
  );
  http.use('/api/invites/*', limitByNetwork(rateLimits.invite));
  http.route('/api', accounts.routes);
  http.route('/api', singleSignOnRoutes(signOnDeps));
  http.route('/api', identityRoutes(signOnDeps));
  http.route('/api', passkeyRoutes(waysIn));
  http.route('/api', secondFactorRoutes(waysIn));
  http.route('/api', accessTokenRoutes({ db: database, clock, onGrantEnded: () => realtime.noticeRevocation() }));
  http.route(
    '/api',
    peopleRoutes({
      db: database,
      clock,
      onBanned: (trx, id) => revokeInvitesOf({ clock }, trx, id),
      onRightsEnded: () => realtime.noticeRevocation(),
    }),
  );
  http.route('/api', resetLinkRoutes({ ...accounts.ground, origin: roomDeps.origin }));
  http.route('/api', roomRoutes(roomDeps));
  const post = mailer && { mailer, limit: rateLimits.mail };
  http.route('/api', inviteRoutes({ ...roomDeps, post }));
  http.route(
    '/api',
    messageRoutes({
      messages,
      sendMessage,
      noticeUnread: realtime.noticeUnread,
      refuse: createRefuse(database.kysely),
    }),
  );
  http.route('/api', postRoutes({ db: database, clock }));
  http.route(
    '/api',
    auditRoutes({ db: database, clock, nameDevice, findReader: accounts.findGrant, limits: rateLimits }),
  );
  http.route('/api', apiDescription(http));
  http.route(
    '/',
    healthRoutes({
      probe: () => database.probe(),
      findFault: () => realtime.sockets.fault,
      reach: () => realtime.reach,
    }),
  );
  return http;
}
