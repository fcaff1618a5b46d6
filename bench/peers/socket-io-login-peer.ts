// What the handshake is measured against: the same three steps by Express 5 and Socket.IO, written with care. A session
// cookie gets a single-use ticket, of which a hash is kept; the connection uses it up and has its JWT checked. It takes
// what it stores, the folder of what outlives the process, and its port.
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  randomUUID,
} from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import { Server } from 'socket.io';
import { serveBenchmark } from './peer.ts';
import { openTicketStore, type Stored } from './ticket-store.ts';

// The very version that Parlour checks its tokens with.
const requireAsServer = createRequire(new URL('../../packages/server/package.json', import.meta.url));
const { jwtVerify, SignJWT } = requireAsServer('jose') as typeof import('jose');

const issuer = 'http://peer.example';
const audience = `${issuer}/api`;
const [stored, folder, port = '0'] = process.argv.slice(2);
const privateKey = openKey();
const publicKey = createPublicKey(privateKey);
const store = openTicketStore(stored as Stored, folder);
const hash = (secret: string) => createHash('sha256').update(secret).digest('base64url');

function openKey() {
  const file = folder === undefined ? undefined : join(folder, 'key.pem');
  if (file !== undefined && existsSync(file)) return createPrivateKey(readFileSync(file));
  const { privateKey } = generateKeyPairSync('ed25519');
  if (file !== undefined) writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return privateKey;
}

function findUser(cookie: string | undefined): string | undefined {
  const [, secret] = /(?:^|; )session=([\w-]{43})(?:;|$)/.exec(cookie ?? '') ?? [];
  return secret === undefined ? undefined : store.findUser(hash(secret));
}

const app = express();
app.post('/sign-in', (_request, response) => {
  const session = randomBytes(32).toString('base64url');
  store.addSession(hash(session), randomUUID());
  response.cookie('session', session, { httpOnly: true, sameSite: 'lax' }).json({ success: true });
});
app.get('/token', async (request, response) => {
  const user = findUser(request.headers.cookie);
  if (user === undefined) return void response.status(401).json({ code: 'not_authenticated' });
  const token = await new SignJWT()
    .setProtectedHeader({ alg: 'EdDSA' })
    .setSubject(user)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey);
  response.json({ token });
});
app.post('/tickets', (request, response) => {
  const user = findUser(request.headers.cookie);
  if (user === undefined) return void response.status(401).json({ code: 'not_authenticated' });
  const ticket = randomBytes(32).toString('base64url');
  const expiresAt = Date.now() + 30_000;
  store.addTicket(hash(ticket), user, expiresAt);
  response.status(201).json({ ticket, expiresAt: new Date(expiresAt).toISOString() });
});

async function admit({ ticket, token }: Record<string, unknown>): Promise<void> {
  const holder = store.useTicket(hash(String(ticket)));
  if (holder === undefined || holder.expiresAt <= Date.now()) throw new Error('the ticket opens nothing');
  const { payload } = await jwtVerify(String(token), publicKey, { issuer, audience, algorithms: ['EdDSA'] });
  if (payload.sub !== holder.user) throw new Error('the token is somebody else’s');
}

// As long as Parlour's: on a busy machine more than the usual five seconds pass between two rounds.
const http = createServer({ keepAliveTimeout: 65_000 }, app);
const io = new Server(http, { transports: ['websocket'], serveClient: false, perMessageDeflate: false });
io.use((socket, next) => {
  admit(socket.handshake.auth).then(() => next(), next);
});
io.on('connection', (socket) => {
  socket.on('join', async (room: string, acknowledge: () => void) => {
    await socket.join(room);
    acknowledge();
  });
});
http.listen(Number(port), '127.0.0.1', () => serveBenchmark((http.address() as AddressInfo).port));
