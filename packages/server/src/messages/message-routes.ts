import type { ErrorCode } from '@parlour/protocol/errors';
import { history, historyQuery, newMessage, sentMessage } from '@parlour/protocol/messages';
import type { Hono } from 'hono';
import * as v from 'valibot';
import { type AppEnv, newRoutes } from '../http/http-app.ts';
import { callerOf, requireCaller } from '../http/require-caller.ts';
import { jsonBody, query } from '../http/validate.ts';
import { describe } from '../route-description.ts';
import { type ListMessagesDeps, listMessages } from './list-messages.ts';
import { type ReadRoomDeps, readRoom } from './read-room.ts';
import type { SendMessage } from './send-message.ts';

const tag = 'Messages';
const refusals: ErrorCode[] = ['room_not_found', 'not_a_member', 'invalid_field'];
const readState = v.object({ seq: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) });
const readAnswer = v.object({ readSeq: v.number() });

/** The HTTP table of messages: each row only translates. */
export function messageRoutes(deps: ListMessagesDeps & ReadRoomDeps & { sendMessage: SendMessage }): Hono<AppEnv> {
  return newRoutes()
    .use('/rooms/*', requireCaller)
    .get(
      '/rooms/:room/messages',
      describe({
        tag,
        summary: 'A page of a room’s history',
        answers: {
          200: { description: 'Events from old to new; `next` goes on in the same direction.', schema: history },
        },
        refusals,
      }),
      query(historyQuery),
      async (c) => c.json(await listMessages(deps, callerOf(c).user, c.req.param('room'), c.req.valid('query'))),
    )
    .post(
      '/rooms/:room/messages',
      describe({
        tag,
        summary: 'Send a message; the same behaviour as `send` on the socket',
        answers: {
          201: { description: 'The message is stored durably.', schema: sentMessage },
          200: { description: 'A repeat: it was stored before, with this seq.', schema: sentMessage },
        },
        refusals: [...refusals, 'malformed', 'invalid_body', 'id_conflict', 'rate_limited', 'storage_unavailable'],
      }),
      jsonBody(newMessage),
      async (c) => {
        const message = { room: c.req.param('room'), ...c.req.valid('json') };
        const { fresh, ...sent } = await deps.sendMessage(callerOf(c).user, message);
        return c.json(sent, fresh ? 201 : 200);
      },
    )
    .put(
      '/rooms/:room/read',
      describe({
        tag,
        summary: 'Move one’s own read state forward',
        answers: { 200: { description: 'Where it is now.', schema: readAnswer } },
        refusals,
      }),
      jsonBody(readState),
      async (c) => {
        const { seq } = c.req.valid('json');
        return c.json({ readSeq: await readRoom(deps, callerOf(c).user, c.req.param('room'), seq) });
      },
    );
}
