import { ParlourError } from '@parlour/protocol/errors';
import { describe, expect, test, vi } from 'vitest';
import { HttpApi } from './http-api.ts';

type Call = { url: string; init: RequestInit };

function apiThatGets(answer: () => Response, credentials?: () => string) {
  const calls: Call[] = [];
  const api = new HttpApi(
    'https://chat.example',
    async (input, init) => {
      calls.push({ url: String(input), init: init ?? {} });
      return answer();
    },
    credentials,
  );
  return { api, calls };
}

async function refusalOf(answer: () => Response): Promise<ParlourError> {
  const error: unknown = await apiThatGets(answer)
    .api.request('GET', '/api/rooms')
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ParlourError);
  return error as ParlourError;
}

const problem =
  (status: number, body: object, headers = {}) =>
  () =>
    new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/problem+json', ...headers } });

describe('HttpApi', () => {
  test('sends JSON with the cookie of its own origin, and gives the answer’s JSON', async () => {
    const { api, calls } = apiThatGets(() => Response.json({ id: 'lobby' }, { status: 201 }));
    expect(await api.request('POST', '/api/rooms', { name: 'lobby' })).toEqual({ id: 'lobby' });
    const { url, init } = calls[0] as Call;
    expect([url, init.method, init.body, init.credentials]).toEqual([
      'https://chat.example/api/rooms',
      'POST',
      '{"name":"lobby"}',
      'same-origin',
    ]);
    expect(new Headers(init.headers).get('content-type')).toBe('application/json');
  });

  test('sends a bearer instead of the cookie, asked for anew each time', async () => {
    let count = 0;
    const { api, calls } = apiThatGets(
      () => new Response(null, { status: 204 }),
      () => `token-${++count}`,
    );
    expect(await api.request('DELETE', '/api/posts/1')).toBeUndefined();
    await api.request('DELETE', '/api/posts/1');
    expect(calls.map(({ init }) => new Headers(init.headers).get('authorization'))).toEqual([
      'Bearer token-1',
      'Bearer token-2',
    ]);
    expect(calls[0]?.init.credentials).toBe('omit');
  });

  test.each([200, 202, 204])('%i without a body is an answer', async (status) => {
    const { api } = apiThatGets(() => new Response(null, { status }));
    expect(await api.request('POST', '/api/auth/reset/request', { email: 'ada@example.org' })).toBeUndefined();
  });

  test('a problem document becomes the refusal that it tells of', async () => {
    const body = { code: 'rate_limited', detail: 'Slow down.', field: 'body', retryAfter: 3 };
    const error = await refusalOf(problem(429, body));
    expect(error).toMatchObject({ code: 'rate_limited', message: 'Slow down.', field: 'body', retryAfter: 3 });
    expect(error.retryable).toBe(true);
  });

  test('fault 23: 503 says when to come back, and is no sign-out whatever stands in it', async () => {
    const error = await refusalOf(
      () => new Response('Parlour is starting.', { status: 503, headers: { 'retry-after': '7' } }),
    );
    expect(error).toMatchObject({ code: 'busy', retryAfter: 7, status: 503 });
  });

  test.each([
    [401, 'not_authenticated'],
    [404, 'not_found'],
    [418, 'malformed'],
    [502, 'internal'],
  ])('%i from something that is not Parlour is %s', async (status, code) => {
    expect((await refusalOf(() => new Response('<html>', { status }))).code).toBe(code);
  });

  test('a code that this client does not know is taken by its status', async () => {
    expect((await refusalOf(problem(403, { code: 'quite_new', detail: 'No.' }))).code).toBe('forbidden');
  });

  test('fault 23: no answer, and half an answer, are `unreachable`', async () => {
    const silent = () => {
      throw new TypeError('fetch failed');
    };
    expect((await refusalOf(silent)).code).toBe('unreachable');
    expect((await refusalOf(() => new Response('{"half":'))).code).toBe('unreachable');
    const lost = new HttpApi('https://chat.example', fetch, () => Promise.reject(new Error('back end is down')));
    await expect(lost.request('GET', '/api/rooms')).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('credentials that never come are `unreachable` in time', async () => {
    const waiting = new AbortController();
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(waiting.signal);
    const api = new HttpApi('https://chat.example', fetch, () => new Promise(() => {}));
    const answer = api.request('GET', '/api/rooms');
    expect(timeout).toHaveBeenCalledWith(15_000);
    timeout.mockRestore();
    waiting.abort();
    await expect(answer).rejects.toMatchObject({ code: 'unreachable' });
  });
});
