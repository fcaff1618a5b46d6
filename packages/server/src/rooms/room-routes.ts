import { listQuery } from '@parlour/protocol/paging';
import { member, memberList, newMember, newRoom, room, roomList, roomListQuery } from '@parlour/protocol/rooms';
import type { Hono } from 'hono';
import { type AppEnv, newRoutes } from '../http/http-app.ts';
import { callerOf, requireCaller } from '../http/require-caller.ts';
import { jsonBody, query } from '../http/validate.ts';
import { describe } from '../route-description.ts';
import { addMember } from './add-member.ts';
import { createRoom } from './create-room.ts';
import { joinRoom } from './join-room.ts';
import { leaveRoom } from './leave-room.ts';
import { listMembers } from './list-members.ts';
import { listRooms, showRoom } from './list-rooms.ts';
import { removeMember } from './remove-member.ts';
import type { RoomDeps } from './room.ts';

const tag = 'Rooms';
const notFound = 'room_not_found' as const;

export function roomRoutes(deps: RoomDeps): Hono<AppEnv> {
  return newRoutes()
    .use('/rooms/*', requireCaller)
    .get(
      '/rooms',
      describe({
        tag,
        summary: 'Every room that one may see',
        answers: { 200: { description: 'Public rooms and one’s own private ones, by name.', schema: roomList } },
        refusals: ['invalid_field'],
      }),
      query(roomListQuery),
      async (c) => c.json(await listRooms(deps, callerOf(c).user, c.req.valid('query'))),
    )
    .post(
      '/rooms',
      describe({
        tag,
        summary: 'Make a room',
        answers: { 201: { description: 'The room; its maker is its owner.', schema: room } },
        refusals: ['malformed', 'invalid_field'],
      }),
      jsonBody(newRoom),
      async (c) => c.json(await createRoom(deps, callerOf(c).user, c.req.valid('json')), 201),
    )
    .get(
      '/rooms/:room',
      describe({
        tag,
        summary: 'One room',
        answers: { 200: { description: 'The room as the caller sees it.', schema: room } },
        refusals: [notFound],
      }),
      async (c) => c.json(await showRoom(deps, callerOf(c).user, c.req.param('room'))),
    )
    .post(
      '/rooms/:room/join',
      describe({
        tag,
        summary: 'Become a member of a public room',
        answers: { 200: { description: 'The room, joined now or before.', schema: room } },
        refusals: ['removed_from_room', notFound],
      }),
      async (c) => c.json(await joinRoom(deps, callerOf(c).user, c.req.param('room'))),
    )
    .post(
      '/rooms/:room/leave',
      describe({
        tag,
        summary: 'Leave a room',
        answers: { 204: { description: 'The caller is not in the room.' } },
        refusals: [notFound],
      }),
      async (c) => {
        await leaveRoom(deps, callerOf(c).user, c.req.param('room'));
        return c.body(null, 204);
      },
    )
    .get(
      '/rooms/:room/members',
      describe({
        tag,
        summary: 'The members of a room',
        answers: { 200: { description: 'The owner first, then by name.', schema: memberList } },
        refusals: ['not_a_member', notFound, 'invalid_field'],
      }),
      query(listQuery),
      async (c) => c.json(await listMembers(deps, callerOf(c).user, c.req.param('room'), c.req.valid('query'))),
    )
    .post(
      '/rooms/:room/members',
      describe({
        tag,
        summary: 'Add somebody to a room, also after a removal',
        answers: {
          200: { description: 'They were in it already.', schema: member },
          201: { description: 'The new member.', schema: member },
        },
        refusals: ['malformed', 'forbidden', 'not_a_member', notFound, 'person_not_found', 'invalid_field'],
      }),
      jsonBody(newMember),
      async (c) => {
        const added = await addMember(deps, callerOf(c), c.req.param('room'), c.req.valid('json').user);
        return c.json(added.member, added.fresh ? 201 : 200);
      },
    )
    .delete(
      '/rooms/:room/members/:user',
      describe({
        tag,
        summary: 'Take somebody out of a room until they are added back',
        answers: { 204: { description: 'They are out of the room.' } },
        refusals: ['forbidden', 'not_a_member', notFound, 'person_not_found'],
      }),
      async (c) => {
        await removeMember(deps, callerOf(c), c.req.param('room'), c.req.param('user'));
        return c.body(null, 204);
      },
    );
}
