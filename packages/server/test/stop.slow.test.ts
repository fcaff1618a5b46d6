import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type ClientRequest, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findFreePort } from './find-ports.ts';
import { ServerProcess } from './server-process.ts';
import { Visitor } from './visitor.ts';

let folder: string;
let origin: string;
let server: ServerProcess;
let ada: Visitor;
let room: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parlour-stop-'));
  const PORT = String(await findFreePort());
  server = await ServerProcess.start({ folder, environment: { PORT } });
  origin = server.origin;
  ada = new Visitor(origin);
  await ada.signUp('Ada');
  room = (await ada.createRoom('Room')).id;
});
afterEach(async () => {
  await server.kill();
  rmSync(folder, { recursive: true });
});

const body = JSON.stringify({ id: 'under-way', body: 'Just in time' });

/** A message of which the server has only half. */
async function beginSending(): Promise<ClientRequest> {
  const sending = request(`${origin}/api/rooms/${room}/messages`, {
    method: 'POST',
    headers: {
      cookie: ada.cookie,
      'content-type': 'application/json',
      'content-length': String(body.length),
      // Answered when the server has read as far as here.
      expect: '100-continue',
    },
  });
  sending.on('error', () => undefined);
  sending.flushHeaders();
  await once(sending, 'continue');
  sending.write(body.slice(0, 10));
  return sending;
}

describe('a server that is told to stop', () => {
  test('I1: answers what is under way, takes nothing new, and exits with 0', async () => {
    const sending = await beginSending();
    const socket = await ada.connect();
    const stopped = server.stop();
    expect((await socket.closed).code).toBe(1012);
    while (await fetch(`${origin}/health/live`).then(Boolean, () => false));
    sending.end(body.slice(10));
    const [response] = await once(sending, 'response');
    expect(response.statusCode).toBe(201);
    response.resume();
    expect(await stopped).toBe(0);
    server = await ServerProcess.start({ folder });
    ada.moveTo(server.origin);
    expect((await ada.history(room)).items.at(-1)).toMatchObject({ id: 'under-way' });
  });

  test('I9: waits some seconds for a request that never ends, and no longer', async () => {
    const sending = await beginSending();
    const from = performance.now();
    expect(await server.stop()).toBe(0);
    expect(performance.now() - from).toBeLessThan(10_000);
    sending.destroy();
  });
});
