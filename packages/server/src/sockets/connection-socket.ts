import { type RawData, WebSocket } from 'ws';

export type SocketListener = {
  onMessage(data: RawData, isBinary: boolean): void;
  onPing(data: Buffer): void;
  onPong(): void;
  /** It is closed, the peer has said goodbye, or the library closes it with the right code itself (1002, 1007, 1009). */
  onEnd(): void;
};

/**
 * A WebSocket that tells one listener of what happens. Functions that are registered for six events, and the table of them,
 * are 850 bytes for each socket.
 */
export class ConnectionSocket extends WebSocket {
  listener: SocketListener | undefined;

  override emit(event: string | symbol, ...[first, second]: unknown[]): boolean {
    const { listener } = this;
    if (listener === undefined) return false;
    if (event === 'message') listener.onMessage(first as RawData, second as boolean);
    else if (event === 'ping') listener.onPing(first as Buffer);
    else if (event === 'pong') listener.onPong();
    else if (event === 'close' || event === 'error') listener.onEnd();
    return true;
  }

  /** The library calls this too, as soon as the peer's close frame came: nothing may follow ours (RFC 6455, section 5.5.1). */
  override close(code?: number, reason?: string | Buffer): void {
    super.close(code, reason);
    this.listener?.onEnd();
  }
}
