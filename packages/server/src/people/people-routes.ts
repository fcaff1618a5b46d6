import { ban, peopleList, peopleQuery, roleChange } from '@parlour/protocol/people';
import type { Context, Hono } from 'hono';
import { browserOf } from '../accounts/browser.ts';
import { type AppEnv, newRoutes } from '../http/http-app.ts';
import { callerOf, requireCaller } from '../http/require-caller.ts';
import { jsonBody, query } from '../http/validate.ts';
import { describe } from '../route-description.ts';
import { banPerson, pardonPerson } from './ban-person.ts';
import { changeRole } from './change-role.ts';
import { listPeople } from './list-people.ts';
import type { Act, PeopleDeps } from './person.ts';

const tag = 'People';

export function peopleRoutes(deps: PeopleDeps): Hono<AppEnv> {
  return newRoutes()
    .get('/people', describeList, requireCaller, query(peopleQuery), async (c) =>
      c.json(await listPeople(deps, callerOf(c), c.req.valid('query'))),
    )
    .put('/people/:id/ban', describeBan, requireCaller, jsonBody(ban), async (c) => {
      await banPerson(deps, actOf(c), c.req.param('id'), c.req.valid('json').reason);
      return c.body(null, 204);
    })
    .delete('/people/:id/ban', describePardon, async (c) => {
      await pardonPerson(deps, actOf(c), c.req.param('id'));
      return c.body(null, 204);
    })
    .put('/people/:id/role', describeRole, requireCaller, jsonBody(roleChange), async (c) => {
      await changeRole(deps, actOf(c), c.req.param('id'), c.req.valid('json').role);
      return c.body(null, 204);
    });
}

function actOf(c: Context<AppEnv>): Act {
  return { caller: callerOf(c), browser: browserOf(c) };
}

const describeList = describe({
  tag,
  summary: 'List everybody in the house',
  answers: { 200: { description: 'A page of people by name, without their addresses.', schema: peopleList } },
  refusals: ['forbidden', 'invalid_field'],
});
const describeBan = describe({
  tag,
  summary: 'Shut somebody out',
  answers: { 204: { description: 'Every login of theirs has ended, and none begins.' } },
  refusals: ['forbidden', 'person_not_found', 'invalid_field'],
});
const describePardon = describe({
  tag,
  summary: 'Let somebody in again',
  answers: { 204: { description: 'They may sign in.' } },
  refusals: ['forbidden', 'person_not_found'],
});
const describeRole = describe({
  tag,
  summary: 'Give somebody another role, or hand the house over',
  answers: { 204: { description: 'They have the role.' } },
  refusals: ['forbidden', 'confirmation_required', 'person_not_found', 'invalid_field'],
});
