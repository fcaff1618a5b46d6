import type { Dialect } from './dialect.ts';
import type { Member, TextListener } from './member.ts';

export type Listener = { onMessage(data: Buffer, start: number): void; onAcknowledgement?(): void };
type Language = Pick<Dialect, 'isMessage' | 'isAcknowledgement' | 'isError' | 'split'>;

/** Has a socket's messages told from all else that comes. A complaint of the server's ends the run. */
export function listen(socket: Member, dialect: Language, { onMessage, onAcknowledgement }: Listener): void {
  const { isMessage, isAcknowledgement, isError, split } = dialect;
  const take: TextListener<boolean> = (data, start, end) => {
    if (isMessage(data, start, end)) onMessage(data, start);
    else if (isAcknowledgement?.(data, start, end) === true) onAcknowledgement?.();
    else if (isError?.(data, start, end) === true) throw new Error(data.toString('utf8', start, end));
    else return false;
    return true;
  };
  if (split === undefined) socket.onText = take;
  else {
    socket.onText = (data, start, end) => {
      let isTaken = false;
      split(data, start, end, (...part) => {
        isTaken = take(...part) || isTaken;
      });
      return isTaken;
    };
  }
}
