import { newMessageId } from '@parlour/protocol/ids';

const code = (character: string) => character.charCodeAt(0);

/** `{"type":"ack"` and `{"type":"event"` by one character each; an error has another second one. */
export const isAck = (data: Buffer, start: number) => data[start + 9] === code('a');
export const isEvent = (data: Buffer, start: number) => data[start + 9] === code('e') && data[start + 10] === code('v');
export const isError = (data: Buffer, start: number) => data[start + 9] === code('e') && data[start + 10] === code('r');

export function encodeSend(room: string, body: string): string {
  return JSON.stringify({ type: 'send', id: newMessageId(), room, body });
}
