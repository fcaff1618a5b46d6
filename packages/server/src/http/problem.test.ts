import { ParlourError } from '@parlour/protocol/errors';
import { describe, expect, it } from 'vitest';
import { createLog } from '../log.ts';
import { newRoutes } from './http-app.ts';
import { answerUnrouted, createErrorHandler } from './problem.ts';
import { requestContext } from './request-context.ts';

function createHouse() {
  const lines: string[] = [];
  const app = newRoutes();
  app.onError(createErrorHandler(createLog((line) => void lines.push(line))));
  app.use(requestContext([]));
  const inner = newRoutes().post('/rooms/:room', (c) => c.text(c.req.param('room')));
  app.route(
    '/api',
    inner.delete('/rooms/:room', (c) => c.body(null, 204)),
  );
  app.notFound((c) => answerUnrouted(app, c));
  return { app, lines };
}

describe('a refusal', () => {
  it('is a problem document with a stable code (RFC 9457), and is no matter for the log', async () => {
    const { app, lines } = createHouse();
    app.get('/busy', () => {
      throw new ParlourError('rate_limited', 'Too many attempts.', { field: 'email', retryAfter: 1.2 });
    });
    const answer = await app.request('/busy');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '2']);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toEqual({
      type: 'about:blank',
      title: 'Too many requests',
      status: 429,
      detail: 'Too many attempts.',
      code: 'rate_limited',
      field: 'email',
      retryAfter: 1.2,
    });
    expect(lines).toEqual([]);
  });
});

describe('a fault', () => {
  it('is logged with its cause and told without any of it (fault 4)', async () => {
    const { app, lines } = createHouse();
    app.get('/broken', () => {
      throw new Error('SELECT secret FROM table', { cause: new Error('the root of it') });
    });
    const answer = await app.request('/broken');
    const problem = await answer.json();
    expect(problem).toMatchObject({ status: 500, code: 'internal' });
    expect(JSON.stringify(problem)).not.toContain('secret');
    expect(problem.detail).toContain(answer.headers.get('x-request-id'));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'error', path: '/broken', cause: expect.anything() });
    expect(lines[0]).toContain('the root of it');
  });
});

describe('an address', () => {
  it('that no route has is not found; one that takes other methods says which (fault 20)', async () => {
    const { app } = createHouse();
    expect((await app.request('/api/rooms/lobby', { method: 'POST' })).status).toBe(200);
    const wrong = await app.request('/api/rooms/lobby');
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST, DELETE']);
    expect(await wrong.json()).toMatchObject({ code: 'method_not_allowed' });
    const nowhere = await app.request('/api/nowhere', { method: 'POST' });
    expect(await nowhere.json()).toMatchObject({ status: 404, code: 'not_found' });
  });
});
