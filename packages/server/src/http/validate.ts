import { ParlourError } from '@parlour/protocol/errors';
import type { Context, MiddlewareHandler } from 'hono';
import { resolver, uniqueSymbol } from 'hono-openapi';
import * as v from 'valibot';
import type { AppEnv } from './http-app.ts';

/** A request's body holds at most this many bytes. */
const bodyBytes = 1024 * 1024;
const formType = /^application\/x-www-form-urlencoded\s*(;|$)/i;
const jsonType = /^application\/json\s*(;|$)/i;

type Schema = v.GenericSchema;
type Target = 'json' | 'form' | 'query';
type Checked<T extends Target, S extends Schema> = MiddlewareHandler<
  AppEnv,
  string,
  { in: { [K in T]: v.InferInput<S> }; out: { [K in T]: v.InferOutput<S> } }
>;

/**
 * Reads a JSON object from the body; the handler finds it by `c.req.valid('json')`. Throws `unsupported_media_type`,
 * `payload_too_large`, `malformed`, or `invalid_field` with the field's name.
 */
export function jsonBody<S extends Schema>(schema: S): Checked<'json', S> {
  return described('json', schema, async (c, next) => {
    c.req.addValidatedData('json', check(schema, await readObject(c)) as object);
    await next();
  });
}

/** The same for what a form without a script sends; the handler finds it by `c.req.valid('form')`. */
export function formBody<S extends Schema>(schema: S): Checked<'form', S> {
  return described('form', schema, async (c, next) => {
    if (!formType.test(c.req.header('content-type') ?? '')) {
      const detail = 'The body must be a form, with the media type application/x-www-form-urlencoded.';
      throw new ParlourError('unsupported_media_type', detail);
    }
    const fields = Object.fromEntries(new URLSearchParams(await readText(c)));
    c.req.addValidatedData('form', check(schema, fields) as object);
    await next();
  });
}

/** Reads the query string; the handler finds it by `c.req.valid('query')`. Throws `invalid_field`. */
export function query<S extends Schema>(schema: S): Checked<'query', S> {
  return described('query', schema, async (c, next) => {
    c.req.addValidatedData('query', check(schema, c.req.query()) as object);
    await next();
  });
}

/** The value as the schema puts it. Throws `invalid_field` with the first field at fault. */
export function check<S extends Schema>(schema: S, value: unknown): v.InferOutput<S> {
  // Only the first fault is told, so nothing is looked at beyond it: what is too long may be a megabyte.
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = v.getDotPath(issue) ?? undefined;
  throw new ParlourError('invalid_field', sentence(issue, field), field === undefined ? {} : { field });
}

// Valibot's own sentences ("Invalid key: Expected …") are for programmers; ours stand in the schemas.
function sentence(issue: v.BaseIssue<unknown>, field = 'The request'): string {
  if (issue.kind === 'schema' && issue.input === undefined) return `“${field}” is missing.`;
  if (issue.message.startsWith('Invalid ')) return `“${field}” must be ${issue.expected ?? 'something else'}.`;
  return issue.message;
}

async function readObject(c: Context<AppEnv>): Promise<object> {
  if (!jsonType.test(c.req.header('content-type') ?? '')) {
    throw new ParlourError('unsupported_media_type', 'The body must be JSON, with the media type application/json.');
  }
  const body = parse(await readText(c));
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ParlourError('malformed', 'The body is not a JSON object.');
  }
  return body;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ParlourError('malformed', 'The body is not JSON.', { cause });
  }
}

// Counted as it arrives: a length that the sender states proves nothing, and a chunked body states none.
async function readText(c: Context<AppEnv>): Promise<string> {
  const request = c.req.raw;
  const wasThere = c.env?.incoming?.complete ?? true;
  if (Number(request.headers.get('content-length') ?? 0) > bodyBytes) throw tooLarge();
  const bytes = await readBytes(request).catch((cause: unknown) => {
    // A sender that hangs up is no fault of this server's.
    throw cause instanceof ParlourError ? cause : new ParlourError('malformed', 'The body is not whole.', { cause });
  });
  // It may come a minute after the head, by which the caller was known: their login may have ended meanwhile (I7).
  if (!wasThere) await c.var.findCallerAgain?.();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ParlourError('malformed', 'The body is not UTF-8.', { cause });
  }
}

async function readBytes(request: Request): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > bodyBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(): ParlourError {
  return new ParlourError('payload_too_large', 'The body is larger than 1 MiB.');
}

function described<T extends Target, S extends Schema>(
  target: T,
  schema: S,
  middleware: MiddlewareHandler<AppEnv>,
): Checked<Target, S> {
  // What hono-openapi reads a route's schema from.
  return Object.assign(middleware, { [uniqueSymbol]: { target, ...resolver(schema) } }) as Checked<T, S>;
}
