import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Listener, listen } from './listen.ts';

let listener: Listener;
let asked: string[];

beforeEach(async () => {
  asked = [];
  listener = await listen(0, '127.0.0.1');
});
afterEach(() => listener.close());

const refused = { status: 503, text: 'Parlour is starting.\n' };
const notReady = (reason: string) => ({ status: 503, text: JSON.stringify({ status: 'unavailable', reason }) });
const ask = async (path: string) => {
  const response = await fetch(`http://127.0.0.1:${listener.port}${path}`, { method: 'POST', body: 'words' });
  return { status: response.status, text: await response.text() };
};

/** Whoever may wait gives up soon. */
async function isFull(): Promise<boolean> {
  try {
    const url = `http://127.0.0.1:${listener.port}/full`;
    return (await fetch(url, { signal: AbortSignal.timeout(200) })).status === 503;
  } catch {
    return false;
  }
}

function open(): void {
  listener.handle({
    request: (request, response) => {
      asked.push(request.url ?? '');
      request.pipe(response);
    },
    upgrade: (_request, socket) => socket.destroy(),
  });
}

/** Connections that ask all at once, since whoever asks waits for some seconds only. Tells how many answers have come. */
async function connectMany(count: number) {
  const sockets: Socket[] = [];
  let answers = '';
  for (let i = 0; i < count; i += 1) {
    const socket = connect(listener.port, '127.0.0.1');
    sockets.push(socket);
    socket.setEncoding('latin1').on('data', (text: string) => {
      answers += text;
    });
    await once(socket, 'connect');
  }
  const askAll = () => {
    for (const socket of sockets) socket.write('GET /many HTTP/1.1\r\nHost: house.example\r\n\r\n');
  };
  const close = () => {
    for (const socket of sockets) socket.destroy();
  };
  return { askAll, close, countAnswers: () => answers.match(/HTTP\/1\.1 200/g)?.length ?? 0 };
}

test('what is asked while the house opens is answered once it is open, with what came in its body', async () => {
  const answer = ask('/api/posts');
  expect((await ask('/health/live')).status).toBe(200);
  expect(await ask('/health/ready')).toEqual(notReady('Parlour is starting.'));
  open();
  expect(await answer).toEqual({ status: 200, text: 'words' });
});

test('nobody waits for a house that cannot open yet, and the reason is told', async () => {
  listener.explain('The database cannot be used yet.');
  expect(await ask('/early')).toEqual(refused);
  expect(await ask('/health/ready')).toEqual(notReady('The database cannot be used yet.'));
});

test('whoever has waited for three seconds is told to come back', async () => {
  const began = performance.now();
  expect(await ask('/early')).toEqual(refused);
  expect(performance.now() - began).toBeGreaterThan(2_900);
  open();
  expect(await ask('/late')).toEqual({ status: 200, text: 'words' });
  expect(asked).toEqual(['/late']);
});

test('I9: a thousand wait, one more is told to come back, and whoever is gone is not handled', async () => {
  const [here, gone] = [await connectMany(999), await connectMany(1)];
  for (const each of [here, gone]) each.askAll();
  while (!(await isFull())) await setImmediate();
  gone.close();
  await ask('/health/live');
  open();
  while (here.countAnswers() < 999) await setImmediate();
  expect(asked.filter((path) => path === '/many')).toHaveLength(999);
  here.close();
});
