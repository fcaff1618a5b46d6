// One node of several, as the documentation of Socket.IO's Redis adapter writes it. It keeps nothing.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdapter } from '@socket.io/redis-adapter';
import { createClient } from 'redis';
import { Server } from 'socket.io';
import { serveRooms } from './socket-io-rooms.ts';

const publisher = createClient({ url: process.argv[2] ?? '' });
const subscriber = publisher.duplicate();
await Promise.all([publisher.connect(), subscriber.connect()]);

const http = createServer();
const io = new Server(http, {
  adapter: createAdapter(publisher, subscriber),
  transports: ['websocket'],
  serveClient: false,
  perMessageDeflate: false,
});
serveRooms(io);
// Ctrl-C reaches this process too. It ends when the benchmark has, so that it can tidy up.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));
http.listen(0, '127.0.0.1', () => process.send?.({ port: (http.address() as AddressInfo).port }));
