// The load generator: a process that opens the page of a room with fifty messages, again and again.
import { Agent, get } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { newMessageId } from '@parlour/protocol/ids';
import { Visitor } from '../../packages/server/test/visitor.ts';

export type PageOrder =
  /** One after another. */
  | { kind: 'in-turn'; count: number }
  /** At a set rate, whatever becomes of those before. */
  | { kind: 'steadily'; aSecond: number; milliseconds: number };
export type PageResult = { latencies: number[]; bytes: number };

const messages = 50;
const mark = 'quite a usual sentence';
const agent = new Agent({ keepAlive: true });

process.on('disconnect', () => process.exit(0));
const port = Number(process.argv[2]);
const visitor = new Visitor(`http://localhost:${port}`);
await visitor.signUp('Ada');
const { id: room } = await visitor.createRoom('Reading room');
for (let i = 0; i < messages; i += 1)
  await visitor.post(room, newMessageId(), `${i}: ${mark}, as people write them to each other all day long.`);

/** Milliseconds, and the page's length. */
function open(): Promise<[milliseconds: number, bytes: number]> {
  const from = performance.now();
  return new Promise((resolve, reject) => {
    const headers = { cookie: visitor.cookie, accept: 'text/html' };
    get({ host: '127.0.0.1', port, path: `/rooms/${room}`, agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => {
        // Each stands in the page twice: to be read, and for the script that takes over.
        if (response.statusCode === 200 && text.split(mark).length > messages)
          resolve([performance.now() - from, Buffer.byteLength(text)]);
        else reject(new Error(`no page of ${messages} messages: ${response.statusCode}`));
      });
    }).on('error', reject);
  });
}

async function readInTurn(count: number): Promise<[number, number][]> {
  const pages: [number, number][] = [];
  for (let i = 0; i < count; i += 1) pages.push(await open());
  return pages;
}

async function readSteadily(aSecond: number, milliseconds: number): Promise<[number, number][]> {
  const began = performance.now();
  const pages: Promise<[number, number]>[] = [];
  for (let due = 0; due < milliseconds; due = (pages.length / aSecond) * 1_000) {
    await setTimeout(Math.max(0, began + due - performance.now()));
    pages.push(open());
  }
  return await Promise.all(pages);
}

async function obey(order: PageOrder): Promise<PageResult> {
  const pages = await (order.kind === 'in-turn'
    ? readInTurn(order.count)
    : readSteadily(order.aSecond, order.milliseconds));
  return { latencies: pages.map(([milliseconds]) => milliseconds), bytes: pages[0]?.[1] ?? 0 };
}

process.on('message', (order: PageOrder) => {
  void obey(order).then((result) => process.send?.(result));
});
process.send?.({ ready: true });
