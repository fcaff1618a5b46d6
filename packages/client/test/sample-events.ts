import type { MemberEvent, MessageEvent, Person } from '@parlour/protocol/events';

export const ada: Person = { id: 'ada', name: 'Ada' };
export const grace: Person = { id: 'grace', name: 'Grace' };

const at = '2026-01-01T00:00:00.000Z';

export function message(seq: number, author = ada, id = `m${seq}`): MessageEvent {
  return { event: 'message', room: 'lobby', seq, at, id, author, body: `message ${seq}`, position: seq };
}

export function joining(seq: number, user = ada): MemberEvent {
  return { event: 'member', room: 'lobby', seq, at, change: 'joined', user };
}
