import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { serveBenchmark } from './peer.ts';
import { serveRooms } from './socket-io-rooms.ts';

const http = createServer();
serveRooms(new Server(http, { transports: ['websocket'], serveClient: false, perMessageDeflate: false }));
http.listen(0, '127.0.0.1', () => serveBenchmark((http.address() as AddressInfo).port));
