import type { Member } from './member.ts';
import { encodeSend, isAck, isError } from './parlour-frames.ts';

/** Somebody in a room of their own. */
export type Sender = { room: string; member: Member };

const body = 'x'.repeat(200);

/** Everybody sends, and again once that was acknowledged. Resolves to the number of messages when all are. */
export async function sendInOwnRooms(senders: readonly Sender[], milliseconds: number): Promise<number> {
  const end = performance.now() + milliseconds;
  const counts = await Promise.all(senders.map((sender) => sendUntil(end, sender)));
  return counts.reduce((sum, count) => sum + count, 0);
}

function sendUntil(end: number, { room, member }: Sender): Promise<number> {
  let count = 0;
  return new Promise((resolve, reject) => {
    const send = () => member.send(encodeSend(room, body));
    member.onText = (data, start, stop) => {
      if (isError(data, start)) reject(new Error(data.toString('utf8', start, stop)));
      if (!isAck(data, start)) return true;
      count += 1;
      performance.now() < end ? send() : resolve(count);
      return true;
    };
    send();
  });
}
