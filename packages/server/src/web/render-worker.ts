import { readdir } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { collectGarbage } from '../collect-garbage.ts';
import type { ApiRequest, ApiResponse, FromWorker, HeaderPairs, PageRequest, ToWorker } from './render-messages.ts';

type CallApi = (request: ApiRequest) => Promise<ApiResponse>;
type Rendered = {
  status: number;
  headers: Record<string, string | number | readonly string[] | undefined>;
  body: unknown;
};
type Application = { render(page: PageRequest, callApi: CallApi): Promise<Rendered> };

const port = parentPort;
if (port === null) throw new Error('This module is a worker.');
const { entry } = workerData as { entry: string };
const application = (await import(entry)) as Application;
const loaded = new Set<string>();
// Everything now: a build that replaces the files under a running server must not break what was not opened yet.
for (const name of await readdir(new URL('.', entry), { recursive: true })) {
  if (!name.endsWith('.mjs') || name.includes('node_modules')) continue;
  const { href } = new URL(name, entry);
  await import(href);
  loaded.add(href);
}
// Node looks for the file again at each import() of it, loaded or not.
registerHooks({
  resolve(specifier, context, next) {
    const url = URL.parse(specifier, context.parentURL)?.href;
    return url !== undefined && loaded.has(url)
      ? { url, format: 'module', shortCircuit: true }
      : next(specifier, context);
  },
});

const waiting = new Map<number, (response: ApiResponse) => void>();
let calls = 0;

const post = (message: FromWorker) => port.postMessage(message);

function listHeaders(headers: Rendered['headers']): HeaderPairs {
  return Object.entries(headers).flatMap(([name, value]): HeaderPairs => {
    if (value === undefined) return [];
    return Array.isArray(value) ? value.map((one) => [name, String(one)]) : [[name, String(value)]];
  });
}

async function render(page: number, request: PageRequest): Promise<void> {
  const callApi: CallApi = (apiRequest) => {
    const call = ++calls;
    post({ type: 'api', page, call, request: apiRequest });
    return new Promise((resolve) => void waiting.set(call, resolve));
  };
  try {
    const { status, headers, body } = await application.render(request, callApi);
    const content = typeof body === 'string' || body instanceof Uint8Array ? body : undefined;
    post({ type: 'rendered', page, response: { status, headers: listHeaders(headers), body: content } });
  } catch (error) {
    post({ type: 'failed', page, reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

port.on('message', (message: ToWorker) => {
  if (message.type === 'render') return void render(message.page, message.request);
  waiting.get(message.call)?.(message.response);
  waiting.delete(message.call);
});

collectGarbage();
post({ type: 'ready' });
