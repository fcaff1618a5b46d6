import { account, changedAccount, claim, ticket, workspace } from '@parlour/protocol/accounts';
import { ParlourError } from '@parlour/protocol/errors';
import type { Person } from '@parlour/protocol/events';
import type { SignInProvider } from '@parlour/protocol/single-sign-on';
import type { Context, Hono } from 'hono';
import type { AttemptLog } from '../audit/attempt-log.ts';
import type { SignUpMode } from '../config.ts';
import { type AppEnv, newRoutes } from '../http/http-app.ts';
import { limitByNetwork, limitByPerson, type RateLimits } from '../http/rate-limit.ts';
import { callerOf } from '../http/require-caller.ts';
import { jsonBody } from '../http/validate.ts';
import type { Mailer } from '../mail/create-mailer.ts';
import { describe } from '../route-description.ts';
import { renameAccount, toAccount } from './account.ts';
import { browserOf } from './browser.ts';
import type { Caller } from './caller.ts';
import { type ClaimDeps, claimHouse, isClaimed } from './claim.ts';
import type { Tickets } from './tickets.ts';

export type AccountRouteDeps = ClaimDeps & {
  houseName: string;
  signUpMode: SignUpMode;
  providers: readonly SignInProvider[];
  mail: Mailer | undefined;
  tickets: Tickets;
  limits: RateLimits;
  attempts: AttemptLog;
  onRename(person: Person): void;
};

const tag = 'Account';

export function accountRoutes(deps: AccountRouteDeps): Hono<AppEnv> {
  return newRoutes()
    .get('/account', describeAccount, (c) => c.json(toAccount(knownCallerOf(c))))
    .patch('/account', describeChange, jsonBody(changedAccount), async (c) => {
      const changed = await renameAccount(deps, knownCallerOf(c), c.req.valid('json').name);
      deps.onRename({ id: changed.id, name: changed.name });
      return c.json(changed);
    })
    .get('/workspace', describeWorkspace, async (c) =>
      c.json({
        name: deps.houseName,
        claimed: await isClaimed(deps),
        signUp: deps.signUpMode,
        providers: deps.providers.map(({ id, name }) => ({ id, name })),
        mail: deps.mail !== undefined,
      }),
    )
    .post('/claim', describeClaim, limitByNetwork(deps.limits.signIn), jsonBody(claim), async (c) => {
      const caller = callerOf(c);
      await claimHouse(deps, caller, c.req.valid('json').code).catch(async (refusal: unknown) => {
        await deps.attempts.note({ kind: 'claim_refused', actor: caller.user.id, from: browserOf(c) });
        throw refusal;
      });
      return c.json({ ...toAccount(caller), role: 'owner' });
    })
    .post('/sockets/tickets', describeTicket, limitByPerson(deps.limits.ticket), async (c) =>
      c.json(await deps.tickets.issue(callerOf(c)), 201),
    );
}

// A page that asks who its visitor is learns "nobody" by 403, and never mistakes an outage for it.
function knownCallerOf(c: Context<AppEnv>): Caller {
  if (c.var.caller === undefined) throw new ParlourError('anonymous', 'Nobody is signed in.');
  return c.var.caller;
}

const describeAccount = describe({
  tag,
  summary: 'Who is signed in',
  answers: { 200: { description: 'The account, for its owner only.', schema: account } },
  refusals: ['anonymous'],
  anonymous: true,
});
const describeChange = describe({
  tag,
  summary: 'Change the name that others see',
  answers: { 200: { description: 'The changed account.', schema: account } },
  refusals: ['anonymous', 'invalid_field'],
  anonymous: true,
});
const describeWorkspace = describe({
  tag,
  summary: 'What anybody may know of this house',
  answers: { 200: { description: 'Its name, whether it has an owner, and how one signs up.', schema: workspace } },
  anonymous: true,
});
const describeClaim = describe({
  tag,
  summary: 'Become the owner by the code that the start printed',
  answers: { 200: { description: 'The account, now the owner’s.', schema: account } },
  refusals: ['claim_invalid', 'already_claimed', 'rate_limited'],
});
const describeTicket = describe({
  tag,
  summary: 'Get a ticket that opens one socket, once',
  answers: { 201: { description: 'The ticket, to be offered as a subprotocol beside `parlour.v1`.', schema: ticket } },
  refusals: ['rate_limited'],
});
