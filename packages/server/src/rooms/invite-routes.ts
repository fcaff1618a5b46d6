import { acceptedInvite, createdInvite, inviteList, invitePreview, newInvite } from '@parlour/protocol/invites';
import { listQuery } from '@parlour/protocol/paging';
import type { Hono } from 'hono';
import { type AppEnv, newRoutes } from '../http/http-app.ts';
import { callerOf, requireCaller } from '../http/require-caller.ts';
import { jsonBody, query } from '../http/validate.ts';
import { describe } from '../route-description.ts';
import { acceptInvite } from './accept-invite.ts';
import { createInvite } from './create-invite.ts';
import type { InviteDeps } from './invite.ts';
import { listInvites } from './list-invites.ts';
import { previewInvite } from './preview-invite.ts';
import { revokeInvite } from './revoke-invite.ts';

const tag = 'Invites';
const dead = ['invite_not_found', 'invite_revoked', 'invite_expired', 'invite_used_up'] as const;

export function inviteRoutes(deps: InviteDeps): Hono<AppEnv> {
  return newRoutes()
    .use('/rooms/*', requireCaller)
    .get(
      '/rooms/:room/invites',
      describe({
        tag,
        summary: 'The invites to a room that still work',
        answers: {
          200: {
            description: 'Newest first; one’s own, or all for those who look after the room.',
            schema: inviteList,
          },
        },
        refusals: ['not_a_member', 'room_not_found', 'invalid_field'],
      }),
      query(listQuery),
      async (c) => c.json(await listInvites(deps, callerOf(c), c.req.param('room'), c.req.valid('query'))),
    )
    .post(
      '/rooms/:room/invites',
      describe({
        tag,
        summary: 'Make an invite link, and have it mailed',
        answers: { 201: { description: 'The invite, with its code for this one time.', schema: createdInvite } },
        refusals: [
          'malformed',
          'forbidden',
          'not_a_member',
          'room_not_found',
          'mail_off',
          'invalid_field',
          'rate_limited',
        ],
      }),
      jsonBody(newInvite),
      async (c) => c.json(await createInvite(deps, callerOf(c), c.req.param('room'), c.req.valid('json')), 201),
    )
    .delete(
      '/rooms/:room/invites/:invite',
      describe({
        tag,
        summary: 'Take an invite back',
        answers: { 204: { description: 'The invite lets nobody in any more.' } },
        refusals: ['room_not_found', 'invite_not_found'],
      }),
      async (c) => {
        await revokeInvite(deps, callerOf(c), c.req.param('room'), c.req.param('invite'));
        return c.body(null, 204);
      },
    )
    .get(
      '/invites/:code',
      describe({
        tag,
        summary: 'What an invite leads to',
        answers: { 200: { description: 'Looking never uses an invite up.', schema: invitePreview } },
        refusals: [...dead],
        anonymous: true,
      }),
      async (c) => c.json(await previewInvite(deps, c.var.caller?.user, c.req.param('code'))),
    )
    .post(
      '/invites/:code/accept',
      describe({
        tag,
        summary: 'Enter a room by an invite',
        answers: { 200: { description: 'The room, entered now or before.', schema: acceptedInvite } },
        refusals: ['removed_from_room', ...dead],
      }),
      async (c) => {
        const { user, from } = callerOf(c);
        return c.json(await acceptInvite(deps, user, c.req.param('code'), from));
      },
    );
}
