import { ParlourError } from '@parlour/protocol/errors';
import type { MessageEvent, Person, RoomEvent } from '@parlour/protocol/events';
import { findMentions } from '@parlour/protocol/mentions';
import type { SentMessage } from '@parlour/protocol/messages';
import { findBodyFault } from '@parlour/protocol/text';
import type { Clock } from '../clock.ts';
import type { Lane } from '../sockets/peer.ts';
import type { MessageStore } from './message-store.ts';

export type NewMessage = { room: string; id: string; body: string; data?: unknown };

export type SendMessage = (sender: Person, message: NewMessage, lane?: Lane) => Promise<Sent>;
/** `fresh` is false for the repeat of a message that was stored before (I3). */
export type Sent = SentMessage & { fresh: boolean };

export type SendMessageDeps = {
  messages: MessageStore;
  clock: Clock;
  publish(event: RoomEvent): void;
  /** Throws `rate_limited`. */
  countSend(user: string): void;
};

const noLane: Lane = { number: 0, turn: 0 };

/** One behaviour for the socket and for HTTP: check, store durably, publish after the commit, acknowledge (I1). */
export function createSendMessage(deps: SendMessageDeps): SendMessage {
  let lastTime = Number.NaN;
  let lastText = '';
  // Messages that are committed together came within a millisecond or two, and writing a time is dear.
  const writeTime = (time: number): string => {
    if (time !== lastTime) lastText = new Date(time).toISOString();
    lastTime = time;
    return lastText;
  };
  return async (sender, message, lane = noLane) => {
    const fault = findBodyFault(message.body);
    if (fault !== undefined) throw new ParlourError('invalid_body', fault, { field: 'body' });
    deps.countSend(sender.id);
    const { room, id, body } = message;
    const data = message.data === undefined ? null : JSON.stringify(message.data);
    const { number, turn } = lane;
    const handles = findMentions(body);
    const mentions = handles.length === 0 ? null : JSON.stringify(handles);
    const at = deps.clock.now();
    try {
      const appended = await deps.messages.append([room, sender.id, id, body, data, at, number, turn, mentions]);
      const [seq, position, committedAt, fresh] = appended;
      const stored = writeTime(committedAt);
      if (fresh) deps.publish(toEvent(sender, message, { seq, position, at: stored }));
      return { id, room, seq, at: stored, fresh };
    } catch (error) {
      // The next turn begins when this failure is told: what came before then still belongs to the failed one.
      if (error instanceof ParlourError && error.code === 'storage_unavailable' && lane.turn === turn) lane.turn += 1;
      throw error;
    }
  };
}

function toEvent(
  author: Person,
  { room, id, body, data }: NewMessage,
  { seq, position, at }: { seq: number; position: number; at: string },
): MessageEvent {
  const event: MessageEvent = { room, seq, event: 'message', at, id, author, body, position };
  if (data !== undefined) event.data = data;
  return event;
}
