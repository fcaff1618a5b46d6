import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { serveBenchmark } from './peer.ts';

const http = createServer();
const io = new Server(http, { transports: ['websocket'], serveClient: false, perMessageDeflate: false });
io.on('connection', async (socket) => {
  socket.on('message', (body: string) => io.to('room').emit('message', body));
  await socket.join('room');
});
http.listen(0, '127.0.0.1', () => serveBenchmark((http.address() as AddressInfo).port));
