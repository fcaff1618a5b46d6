import fc from 'fast-check';
import { damaged, oddValue, spoilt } from './odd-values.ts';

export type RequestInput = { kind: 'request'; bytes: Buffer; isWhole: boolean };

type Schema = {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
};
type Operation = {
  parameters?: { in: string; name: string; schema?: Schema }[];
  requestBody?: { content?: Record<string, { schema?: Schema }> };
};
/** What `/api/openapi.json` answers, as far as it is used here. */
export type ApiDescription = {
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema> };
};

/** What a well-formed request of this house names. */
export type RequestWords = { ids: string[]; cookies: string[]; bearers: string[]; origin: string };

type Route = { method: string; path: string; operation: Operation };

/** Requests to every route that the server describes, from its schemas and against them. */
export function requestInput(api: ApiDescription, words: RequestWords): fc.Arbitrary<RequestInput> {
  const routes = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  const one = fc.constantFrom(...routes).chain((route) => request(api, words, route));
  return fc.oneof(
    { weight: 12, arbitrary: one.map((bytes) => ({ kind: 'request' as const, bytes, isWhole: true })) },
    { weight: 1, arbitrary: damaged(one).map((bytes) => ({ kind: 'request' as const, bytes, isWhole: false })) },
  );
}

function request(api: ApiDescription, words: RequestWords, { method, path, operation }: Route): fc.Arbitrary<Buffer> {
  const schema = operation.requestBody?.content?.['application/json']?.schema;
  const body = schema === undefined ? oddBody : bodyOf(valuesOf(api, schema, words));
  return fc
    .record({
      method: usually(method, fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'SEARCH')),
      path: fillPath(path, words),
      query: queryOf(operation, api, words),
      headers: headersOf(words),
      body: method === 'GET' ? usually(Buffer.alloc(0), oddBody) : body,
    })
    .map(toBytes);
}

function fillPath(path: string, { ids }: RequestWords): fc.Arbitrary<string> {
  const part = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...ids) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('%00', '%ff', '..', '%2e%2e%2f', 'x'.repeat(3_000), '%F0%9F%98%80', ':', '*'),
    },
    { weight: 1, arbitrary: fc.webSegment({ size: 'small' }) },
  );
  const parts = path.split('/').map((each) => (/^[:{]/.test(each) ? part : fc.constant(each)));
  return fc.tuple(...parts).map((filled) => filled.join('/'));
}

function queryOf({ parameters = [] }: Operation, api: ApiDescription, words: RequestWords): fc.Arbitrary<string> {
  const known = parameters.filter((parameter) => parameter.in === 'query');
  const values = known.map(({ name, schema = {} }) =>
    fc.oneof(valuesOf(api, schema, words), oddValue).map((value) => [name, String(toText(value))] as const),
  );
  if (values.length === 0) return fc.constantFrom('', '', '?', '?limit=-1', '?__proto__=1', '?a[]=1&a[]=2');
  return fc
    .subarray(values)
    .chain((chosen) => fc.tuple(...chosen))
    .map((pairs) => toQuery(pairs));
}

function toText(value: unknown): unknown {
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

function toQuery(pairs: (readonly [string, string])[]): string {
  return `?${pairs.map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed()).slice(0, 4_000)}`).join('&')}`;
}

const oddBody = fc.oneof(
  fc.constant(Buffer.alloc(0)),
  oddValue.map((value) => Buffer.from(JSON.stringify(value))),
  fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom('['.repeat(50_000), 'a=1&b=2', '{"a":1').map((text) => Buffer.from(text)),
);

function bodyOf(values: fc.Arbitrary<unknown>): fc.Arbitrary<Buffer> {
  return fc.oneof(
    { weight: 4, arbitrary: values.map((value) => Buffer.from(JSON.stringify(value))) },
    { weight: 4, arbitrary: spoilt(values).map((value) => Buffer.from(JSON.stringify(value))) },
    { weight: 1, arbitrary: oddBody },
  );
}

function headersOf({ cookies, bearers, origin }: RequestWords): fc.Arbitrary<string[]> {
  const maybe = (name: string, values: fc.Arbitrary<string>) =>
    fc.option(values, { freq: 2, nil: undefined }).map((value) => (value === undefined ? [] : [`${name}: ${value}`]));
  const login = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...cookies).map((cookie) => [`cookie: ${cookie}`]) },
    { weight: 3, arbitrary: fc.constantFrom(...bearers).map((bearer) => [`authorization: Bearer ${bearer}`]) },
    {
      weight: 2,
      arbitrary: fc.tuple(maybe('cookie', printable), maybe('authorization', printable)).map((both) => both.flat()),
    },
  );
  const media = usually(
    'application/json',
    fc.constantFrom('text/plain', 'application/json; charset=utf-16', 'multipart/form-data', ''),
  );
  const rest = fc.tuple(
    maybe('origin', usually(origin, fc.constantFrom('null', 'https://evil.example', 'http://'))),
    maybe('sec-fetch-site', usually('same-origin', fc.constantFrom('cross-site', 'none', 'odd'))),
    maybe('x-forwarded-for', fc.constantFrom('1.2.3.4', '::1, evil', ',,,')),
    maybe('if-none-match', printable),
    maybe('accept', printable),
    maybe('user-agent', fc.constantFrom('Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0', 'x'.repeat(4_000), '\u00ff')),
  );
  return fc.tuple(login, media, rest).map(([own, type, more]) => [...own, `content-type: ${type}`, ...more.flat()]);
}

const printable = fc.string({ unit: fc.constantFrom(...'abcABC019 ._-=;,"/*%'), maxLength: 60 });

function usually<T>(value: T, others: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 9, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: others });
}

type Parts = { method: string; path: string; query: string; headers: string[]; body: Buffer };

function toBytes({ method, path, query, headers, body }: Parts): Buffer {
  const length = body.length > 0 || method !== 'GET' ? [`content-length: ${body.length}`] : [];
  const head = [`${method} ${path}${query} HTTP/1.1`, 'host: localhost', 'connection: close', ...headers, ...length];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}

/** Values that a schema allows. */
function valuesOf(api: ApiDescription, schema: Schema, words: RequestWords, depth = 0): fc.Arbitrary<unknown> {
  const inner = (each: Schema) => valuesOf(api, each, words, depth + 1);
  if (depth > 6) return fc.constant(null);
  if (schema.$ref !== undefined) return inner(api.components?.schemas?.[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map(inner));
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'object') {
    const fields = Object.entries(schema.properties ?? {}).map(([name, each]) => [name, inner(each)]);
    return fc.record(Object.fromEntries(fields), { requiredKeys: (schema.required ?? []) as never[] });
  }
  if (type === 'array') return fc.array(inner(schema.items ?? {}), { maxLength: Math.min(schema.maxItems ?? 3, 3) });
  if (type === 'string') return texts(schema, words);
  if (type === 'boolean') return fc.boolean();
  if (type === 'integer' || type === 'number') {
    const [min, max] = [Math.ceil(schema.minimum ?? 0), Math.floor(schema.maximum ?? 1_000)];
    return fc.integer({ min: Math.max(min, -(2 ** 31)), max: Math.min(Math.max(min, max), 2 ** 31 - 1) });
  }
  return fc.jsonValue({ maxDepth: 2 });
}

function texts({ minLength = 0, maxLength = 40 }: Schema, { ids }: RequestWords): fc.Arbitrary<string> {
  const max = Math.max(minLength, Math.min(maxLength, 200));
  return fc.oneof(
    fc.string({ minLength, maxLength: max, unit: fc.constantFrom(...'abcdefXYZ0189_- ') }),
    fc.string({ minLength, maxLength: max }),
    fc.constantFrom(...ids, 'trudy@example.org', '2026-01-01T00:00:00.000Z', '/rooms', '#lobby'),
  );
}
