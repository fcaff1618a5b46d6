// What the handshake is measured against: the same three steps by Express 5 and Socket.IO, written with care. A session
// cookie gets a single-use ticket, of which a hash is kept; the connection uses it up and has its JWT checked.
import { createHash, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { Server } from 'socket.io';
import { serveBenchmark } from './peer.ts';
import { openTicketStore } from './ticket-store.ts';

// The very version that Parlour checks its tokens with.
const requireAsServer = createRequire(new URL('../../packages/server/package.json', import.meta.url));
const { jwtVerify, SignJWT } = requireAsServer('jose') as typeof import('jose');

const issuer = 'http://peer.example';
const audience = `${issuer}/api`;
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const store = openTicketStore(process.argv[2] === 'stored');
const hash = (secret: string) => createHash('sha256').update(secret).digest('base64url');

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
http.listen(0, '127.0.0.1', () => serveBenchmark((http.address() as AddressInfo).port));
