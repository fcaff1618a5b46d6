import type { RoomEvent } from '@parlour/protocol/events';

export function makeEvent(room: string, seq: number, body = `message ${seq}`): RoomEvent {
  return {
    event: 'message',
    room,
    seq,
    at: '2026-01-05T09:00:00.000Z',
    id: `m${seq}`,
    author: { id: 'ada', name: 'Ada' },
    body,
    position: seq,
  };
}
