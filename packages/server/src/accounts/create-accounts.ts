import type { Person } from '@parlour/protocol/events';
import type { Hono, MiddlewareHandler } from 'hono';
import { AttemptLog } from '../audit/attempt-log.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Database } from '../database/database.ts';
import { type AppEnv, newRoutes } from '../http/http-app.ts';
import type { Origins } from '../http/origins.ts';
import type { RateLimits } from '../http/rate-limit.ts';
import type { Log } from '../log.ts';
import type { Mailer } from '../mail/create-mailer.ts';
import type { Secrets } from '../secrets.ts';
import { accountRoutes } from './account-routes.ts';
import type { WelcomeDeps } from './add-person.ts';
import type { AdmissionDeps, SignUpInvites } from './admission.ts';
import { authRoutes } from './auth-routes.ts';
import { browserOf } from './browser.ts';
import type { Caller, OtherGrants } from './caller.ts';
import { isClaimed } from './claim.ts';
import type { CloseAccountDeps } from './close-account.ts';
import { confirmRoutes } from './confirm-routes.ts';
import { emailRoutes } from './email-routes.ts';
import { CallerFinder } from './find-caller.ts';
import { KnownBrowsers } from './known-browsers.ts';
import { MemoryTickets } from './memory-tickets.ts';
import { noticeNewDevice } from './notice-new-device.ts';
import { OneTimeSecrets } from './one-time-secrets.ts';
import type { LogInDeps, SignedIn, SignedInAt } from './open-session.ts';
import { PasswordHash } from './password-hash.ts';
import { resetRoutes } from './reset-routes.ts';
import { SessionCookie } from './session-cookie.ts';
import { sessionIdle } from './session-life.ts';
import { sessionRoutes } from './session-routes.ts';
import { SessionStore } from './session-store.ts';
import type { SignInDeps } from './sign-in.ts';
import { TicketStore } from './ticket-store.ts';
import type { TicketHolder } from './tickets.ts';
import { TokenKeys } from './token-keys.ts';
import { type MintedToken, Tokens, type VerifiedToken } from './tokens.ts';
import type { VerifyDeps } from './verify-email.ts';

export type SignInGround = LogInDeps &
  AdmissionDeps &
  WelcomeDeps &
  VerifyDeps & { attempts: AttemptLog; limits: RateLimits };

export type AccountsOptions = {
  config: Pick<Config, 'name' | 'providers' | 'publicOrigin' | 'signUp' | 'ticketTtl' | 'tokenTtl'>;
  db: Database;
  clock: Clock;
  log: Log;
  secrets: Secrets;
  origins: Origins;
  limits: RateLimits;
  invites: SignUpInvites;
  accessTokens: OtherGrants;
  /** Undefined where this house sends no mail. */
  mail: Mailer | undefined;
  /** Somebody made an account; it stands whatever becomes of this. */
  onSignUp(person: Person): Promise<void>;
  onRename(person: Person): void;
  /** What follows the right password, where it is not enough. */
  beginSecondStep: SignInDeps['beginSecondStep'];
  /** Where a browser ends its session at a provider, if that is possible. */
  findSignOutUrl(at: SignedInAt): Promise<string | undefined>;
  /** An account is being closed: what stands on it goes in the same transaction. The answer is called after the commit. */
  onAccountEnding: CloseAccountDeps['onAccountEnding'];
  /** A session ended by a request here, so that the revocation log has something new. */
  onSessionEnded(): void;
};

export type Accounts = {
  /** Notes what anybody can bring about as often as they like. */
  attempts: AttemptLog;
  /** What other ways to sign in stand on. */
  ground: SignInGround;
  /** To be mounted under `/api`. */
  routes: Hono<AppEnv>;
  /** Sets `c.var.caller`; to stand before every route under `/api`. */
  authenticate: MiddlewareHandler<AppEnv>;
  findCaller(headers: Headers): Promise<Caller | undefined>;
  findGrant(grantId: string): Promise<Caller | undefined>;
  issueTicket(caller: Caller): Promise<{ ticket: string; expiresAt: string }>;
  useTicket(ticket: string): Promise<TicketHolder | undefined>;
  mintToken(caller: Pick<Caller, 'user' | 'grantId' | 'expiresAt'>): Promise<MintedToken>;
  verifyToken(token: string): Promise<VerifiedToken>;
  isClaimed(): Promise<boolean>;
  /** Makes whoever brings it the owner, while nobody is. */
  claimCode: string;
  /** Ends expired sessions and drops expired tickets; to be called now and then. */
  purge(): Promise<void>;
};

/** The accounts of one house, wired. */
export function createAccounts(options: AccountsOptions): Accounts {
  const { config, db, clock, origins, limits } = options;
  const { tokenSeed, claimCode } = options.secrets;
  const secure = config.publicOrigin?.startsWith('https:') ?? false;
  const cookie = new SessionCookie({ secure });
  const knownBrowsers = new KnownBrowsers({ key: options.secrets.browserKey, secure });
  const attempts = new AttemptLog(options);
  const passwords = new PasswordHash();
  const sessions = new SessionStore(db);
  const secrets = new OneTimeSecrets(db.kysely, clock);
  const keys = new TokenKeys(tokenSeed);
  const tokens = new Tokens({ clock, keys, origin: () => origins.own, ttl: config.tokenTtl });
  const ticketOptions = { clock, ttl: config.ticketTtl };
  const tickets = db.kind === 'sqlite' ? new MemoryTickets(ticketOptions) : new TicketStore(db.kysely, ticketOptions);
  const callers = new CallerFinder({ ...options, cookie, sessions, tokens });

  const house = {
    db,
    clock,
    claimCode,
    signUpMode: config.signUp,
    houseName: config.name,
    providers: config.providers,
    limits,
    mail: options.mail,
    secrets,
    origin: () => origins.own,
  };
  const logIn = {
    ...options,
    cookie,
    knownBrowsers,
    attempts,
    sessions,
    passwords,
    accountLimit: limits.account,
    onSignedIn: (signedIn: SignedIn) => noticeNewDevice(options, signedIn),
  };
  return {
    attempts,
    ground: { ...logIn, ...house, secrets },
    routes: newRoutes()
      .route('/auth', authRoutes({ ...logIn, ...house, keys, tokens }))
      .route('/auth', confirmRoutes({ ...logIn, ...house }))
      .route('/auth', resetRoutes({ ...logIn, ...house }))
      .route('/', emailRoutes({ ...logIn, ...house }))
      .route('/', sessionRoutes({ ...logIn, ...house }))
      .route('/', accountRoutes({ ...house, attempts, tickets, onRename: options.onRename })),
    authenticate: async (c, next) => {
      const find = async () => {
        const caller = await callers.findCaller(c.req.raw.headers);
        c.set('caller', caller === undefined ? undefined : { ...caller, from: browserOf(c) });
      };
      await find();
      c.set('findCallerAgain', find);
      await next();
    },
    findCaller: (headers) => callers.findCaller(headers),
    findGrant: (grantId) => callers.findGrant(grantId),
    issueTicket: (caller) => tickets.issue(caller),
    useTicket: (ticket) => tickets.use(ticket),
    mintToken: (caller) => tokens.mint(caller),
    verifyToken: (token) => tokens.verify(token),
    isClaimed: () => isClaimed({ db }),
    claimCode,
    purge: async () => {
      await tickets.purge();
      await secrets.purge();
      const now = clock.now();
      while ((await sessions.endExpired(now, now - sessionIdle)) > 0);
    },
  };
}
