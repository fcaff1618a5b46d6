import type { Socket } from 'node:net';
import type { Handlers } from './listen.ts';

/** Requests of one connection that may wait for those before them; whoever sends more is cut off (I9). */
const waitingMaximum = 100;

type Waiting = Parameters<Handlers['request']>;
const line = Symbol('line');
type Asking = Socket & { [line]?: Waiting[] | undefined };

/**
 * Handles a connection's requests one after another, as they are answered anyway (RFC 9112, section 9.3.2). So whoever sends
 * many without waiting for answers takes one place wherever others wait too, and not all of them.
 */
export function oneAfterAnother(handle: Handlers['request']): Handlers['request'] {
  const begin: Handlers['request'] = (request, response) => {
    const socket: Asking = request.socket;
    response.on('close', () => beginNext(socket));
    handle(request, response);
  };
  const beginNext = (socket: Asking) => {
    // What is closed, or about to be, answers nothing more.
    const next = socket.writable ? socket[line]?.shift() : undefined;
    if (next === undefined) socket[line] = undefined;
    else begin(...next);
  };
  return (request, response) => {
    const socket: Asking = request.socket;
    const waiting = socket[line];
    if (waiting === undefined) {
      socket[line] = [];
      begin(request, response);
    } else if (waiting.length < waitingMaximum) waiting.push([request, response]);
    else socket.destroy();
  };
}

/** Whether requests of a connection wait for the one that is handled. */
export function hasWaiting(socket: Asking): boolean {
  return (socket[line]?.length ?? 0) > 0;
}
