// Runs in the folder where the packed client is installed, on whichever Node the test names.
import { createClient } from '@parlour/client';
import { WebSocket } from 'ws';

const { SERVER, COOKIE, ROOM } = process.env;
const hasWebSocket = typeof globalThis.WebSocket === 'function';

const options = {
  url: SERVER,
  fetch: (input, init) => {
    const headers = new Headers(init.headers);
    headers.set('cookie', COOKIE);
    return fetch(input, { ...init, headers });
  },
};

function findRefusal() {
  if (hasWebSocket) return '';
  try {
    createClient(options).connect();
    return 'none';
  } catch (error) {
    return error.message;
  }
}

const refusal = findRefusal();
const client = createClient(hasWebSocket ? options : { ...options, WebSocket });
client.connect();
const room = client.room(ROOM);
room.open();
room.send(`hello from ${process.version}`);

room.subscribe(() => {
  const { state, pending, events } = room.snapshot;
  if (state !== 'live' || pending.length > 0) return;
  const bodies = events.filter(({ event }) => event === 'message').map(({ body }) => body);
  console.log(JSON.stringify({ node: process.version, hasWebSocket, refusal, user: client.user.name, bodies }));
  client.close();
});
