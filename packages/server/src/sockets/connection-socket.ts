export type SocketListener = {
  /** A text message, or one that is binary, in however many pieces it came. */
  onMessage(data: Buffer, isBinary: boolean): void;
  onPing(data: Buffer): void;
  onPong(): void;
  /** It is closed, the peer has said goodbye, or the library closes it with the right code itself (1002, 1007, 1009). */
  onEnd(): void;
};

/** A WebSocket (RFC 6455) that tells one listener of what happens. Functions for six events are 850 bytes a socket. */
export interface ConnectionSocket {
  listener: SocketListener | undefined;
  ping(): void;
  pong(data: Buffer): void;
  pause(): void;
  resume(): void;
  /** Sends a close frame; the socket ends once the peer has answered it, or has not for too long. */
  close(code: number, reason: string): void;
}
