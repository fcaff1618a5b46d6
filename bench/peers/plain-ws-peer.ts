// The reference: the broadcast server of ws's own documentation, without accounts, rooms or a database.

import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { serveBenchmark } from './peer.ts';

// The very version that Parlour runs on, which other packages' may differ from.
const requireAsServer = createRequire(new URL('../../packages/server/package.json', import.meta.url));
const { WebSocket, WebSocketServer } = requireAsServer('ws') as typeof import('ws');

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
server.on('connection', (ws) => {
  ws.on('error', () => ws.terminate());
  ws.on('message', (data, isBinary) => {
    for (const client of server.clients) {
      if (client.readyState === WebSocket.OPEN) client.send(data, { binary: isBinary });
    }
  });
});
server.on('listening', () => serveBenchmark((server.address() as AddressInfo).port));
