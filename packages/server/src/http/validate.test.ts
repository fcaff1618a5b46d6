import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../log.ts';
import { newRoutes } from './http-app.ts';
import { createErrorHandler } from './problem.ts';
import { check, jsonBody, query } from './validate.ts';

const schema = v.object({
  name: v.pipe(v.string(), v.minLength(2, 'Two letters at least.')),
  more: v.optional(v.number()),
});
const app = newRoutes();
app.onError(createErrorHandler(silentLog));
app.post('/', jsonBody(schema), (c) => c.json(c.req.valid('json')));
app.get('/', query(v.object({ limit: v.optional(v.pipe(v.string(), v.transform(Number))) })), (c) =>
  c.json(c.req.valid('query')),
);

const json = { 'content-type': 'application/json' };
const post = async (body: BodyInit | null, headers: Record<string, string> = json) => {
  const init = { method: 'POST', headers, body, duplex: 'half' };
  const answer = await app.request('http://house.example/', init);
  return { status: answer.status, body: await answer.json() };
};
const refusal = (status: number, code: string, more = {}) => ({ status, body: { status, code, ...more } });

describe('a JSON body', () => {
  it('is what the schema makes of it', async () => {
    expect(await post('{"name":"Ada","other":1}')).toEqual({ status: 200, body: { name: 'Ada' } });
    expect((await post('{"name":"Ada"}', { 'content-type': 'Application/JSON; charset=utf-8' })).status).toBe(200);
  });

  it('is refused with the field at fault (fault 4)', async () => {
    const at = (field: string, detail: unknown) => refusal(422, 'invalid_field', { field, detail });
    expect(await post('{"name":"A"}')).toMatchObject(at('name', 'Two letters at least.'));
    expect(await post('{}')).toMatchObject(at('name', '“name” is missing.'));
    expect(await post('{"name":7}')).toMatchObject(at('name', '“name” must be string.'));
    expect(await post('{"name":"Ada","more":"x"}')).toMatchObject(at('more', '“more” must be number.'));
  });

  it('is not looked at beyond its first fault', () => {
    const looked: string[] = [];
    const note = (name: string, holds: boolean) => v.check<string, string>(() => looked.push(name) > 0 && holds, name);
    const field = (name: string) => v.pipe(v.string(), note(`${name} 1`, name !== 'b'), note(`${name} 2`, true));
    const fields = v.object({ a: field('a'), b: field('b'), c: field('c') });
    expect(check(v.object({ a: field('a') }), { a: '' })).toEqual({ a: '' });
    expect(looked.splice(0)).toEqual(['a 1', 'a 2']);
    expect(() => check(fields, { a: '', b: '', c: '' })).toThrow('b 1');
    expect(looked).toEqual(['a 1', 'a 2', 'b 1']);
  });

  it('must be JSON, an object, and UTF-8 (fault 4)', async () => {
    for (const body of ['', 'nonsense', '[]', 'null', '"text"', '7', '{"name":']) {
      expect(await post(body)).toMatchObject(refusal(400, 'malformed'));
    }
    expect(await post(new Uint8Array([0x7b, 0xff, 0x7d]))).toMatchObject(refusal(400, 'malformed'));
    expect(await post(null)).toMatchObject(refusal(400, 'malformed'));
  });

  it('that breaks off is the sender’s fault, and no error of the log', async () => {
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"na')),
      pull: (controller) => controller.error(new Error('aborted')),
    });
    expect(await post(body)).toMatchObject(refusal(400, 'malformed'));
  });

  it('must say that it is JSON, so that no form of another site can send it', async () => {
    const types = ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', ''];
    for (const type of types) {
      const headers: Record<string, string> = type === '' ? {} : { 'content-type': type };
      expect(await post(new TextEncoder().encode('{"name":"Ada"}'), headers)).toMatchObject(
        refusal(415, 'unsupported_media_type'),
      );
    }
  });

  it('is at most 1 MiB, stated or streamed (fault 15)', async () => {
    const fits = JSON.stringify({ name: 'x'.repeat(1024 * 1024 - 11) });
    expect((await post(fits)).status).toBe(200);
    expect(await post(`${fits} `)).toMatchObject(refusal(413, 'payload_too_large'));
    expect(await post('{}', { ...json, 'content-length': '2000000' })).toMatchObject(refusal(413, 'payload_too_large'));
    let sent = 0;
    const endless = new ReadableStream({
      pull: (controller) => {
        sent += 65_536;
        controller.enqueue(new Uint8Array(65_536).fill(0x20));
      },
    });
    expect(await post(endless)).toMatchObject(refusal(413, 'payload_too_large'));
    expect(sent).toBeLessThan(2 * 1024 * 1024);
  });
});

describe('a query string', () => {
  it('is what the schema makes of it', async () => {
    expect(await (await app.request('/?limit=7&limit=8&other=1')).json()).toEqual({ limit: 7 });
    expect(await (await app.request('/')).json()).toEqual({});
  });
});
