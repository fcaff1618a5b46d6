import { limits } from '@parlour/protocol/limits';
import type { WebSocket } from 'ws';

export type HeartbeatTimes = { pingInterval: number; heartbeatTimeout: number };

/** Pings one peer and gives it up when it is silent; any sign of life counts, and each connection has its own beat. */
export class Heartbeat {
  readonly #pings: NodeJS.Timeout;
  readonly #silence: NodeJS.Timeout;

  constructor(ws: WebSocket, onDead: () => void, times: HeartbeatTimes = limits) {
    this.#pings = setInterval(() => ws.ping(), times.pingInterval);
    this.#silence = setTimeout(onDead, times.heartbeatTimeout);
    const hear = () => void this.#silence.refresh();
    ws.on('pong', hear);
    ws.on('message', hear);
    ws.on('ping', hear);
  }

  stop(): void {
    clearInterval(this.#pings);
    clearTimeout(this.#silence);
  }
}
