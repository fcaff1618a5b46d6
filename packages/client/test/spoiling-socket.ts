import type { ServerFrame } from '@parlour/protocol/frames';
import type { WebSocketClass } from '../src/client.ts';

type Frame = ServerFrame | (Record<string, unknown> & { type: string });

/** A real WebSocket whose incoming frames are lost, doubled or changed on the way. */
export function spoilingSocket(spoil: (frame: ServerFrame) => Frame[]): WebSocketClass {
  return class extends WebSocket {
    override set onmessage(handler: ((event: MessageEvent) => unknown) | null) {
      this.addEventListener('message', ({ data }) => {
        for (const frame of spoil(JSON.parse(String(data)) as ServerFrame)) {
          handler?.(new MessageEvent('message', { data: JSON.stringify(frame) }));
        }
      });
    }
  };
}
