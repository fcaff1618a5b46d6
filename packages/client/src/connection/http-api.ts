import { type ErrorCode, isErrorCode, ParlourError } from '@parlour/protocol/errors';

export type Credentials = () => Promise<string> | string;

/** Nobody waits longer than this for an answer, in milliseconds. */
const patience = 15_000;

const codesByStatus: Record<number, ErrorCode> = {
  401: 'not_authenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  422: 'invalid_field',
  429: 'rate_limited',
  503: 'busy',
};

function guessCode(status: number): ErrorCode {
  return codesByStatus[status] ?? (status >= 500 ? 'internal' : 'malformed');
}

/** `Retry-After` (RFC 9110) in seconds; its other form, a date, is left to the backoff. */
function readRetryAfter(response: Response): number | undefined {
  const seconds = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
  return Number.isNaN(seconds) ? undefined : seconds;
}

type AnyProblem = { code?: unknown; detail?: unknown; field?: unknown; retryAfter?: unknown };

async function readError(response: Response): Promise<ParlourError> {
  const problem = await response.json().then(
    (body: unknown) => (body ?? {}) as AnyProblem,
    (): AnyProblem => ({}),
  );
  const code = isErrorCode(problem.code) ? problem.code : guessCode(response.status);
  const detail = typeof problem.detail === 'string' ? problem.detail : `The server answered ${response.status}.`;
  const retryAfter = typeof problem.retryAfter === 'number' ? problem.retryAfter : readRetryAfter(response);
  return new ParlourError(code, detail, {
    ...(typeof problem.field === 'string' ? { field: problem.field } : {}),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}

/** Rejects when nobody waits any longer: the application's own promise may never come to an end. */
function inTime<Value>(promise: Promise<Value> | Value): Promise<Value> {
  const timeout = AbortSignal.timeout(patience);
  const late = new Promise<never>((_, reject) => {
    timeout.addEventListener('abort', () => reject(timeout.reason), { once: true });
  });
  return Promise.race([promise, late]);
}

/** Calls Parlour's HTTP API as the person that the client connects as. */
export class HttpApi {
  readonly #origin: string;
  readonly #fetch: typeof fetch;
  readonly #credentials: Credentials | undefined;

  constructor(origin: string, fetchGiven: typeof fetch | undefined, credentials: Credentials | undefined) {
    this.#origin = origin;
    this.#fetch = fetchGiven ?? ((input, init) => fetch(input, init));
    this.#credentials = credentials;
  }

  /**
   * Sends one request, `body` as JSON, and gives the answer's JSON (`undefined` where it has none).
   * Rejects with a `ParlourError`: the server's refusal (RFC 9457), or `unreachable` where no answer came.
   */
  async request<Answer = unknown>(
    method: string,
    path: string,
    body?: unknown,
    options: { signal?: AbortSignal; bearer?: string } = {},
  ): Promise<Answer> {
    const response = await this.#call(method, path, body, options);
    if (!response.ok) throw await readError(response);
    try {
      const text = await response.text();
      return (text === '' ? undefined : JSON.parse(text)) as Answer;
    } catch (cause) {
      throw new ParlourError('unreachable', 'The server’s answer did not arrive whole.', { cause });
    }
  }

  /** The bearer that stands for the person, where they are not known by a cookie. */
  async findBearer(): Promise<string | undefined> {
    if (!this.#credentials) return undefined;
    try {
      return await inTime(this.#credentials());
    } catch (cause) {
      if (cause instanceof ParlourError) throw cause;
      throw new ParlourError('unreachable', 'The credentials could not be fetched.', { cause });
    }
  }

  async #call(
    method: string,
    path: string,
    body: unknown,
    options: { signal?: AbortSignal; bearer?: string },
  ): Promise<Response> {
    const bearer = options.bearer ?? (await this.findBearer());
    const timeout = AbortSignal.timeout(patience);
    const headers = new Headers({ accept: 'application/json' });
    if (bearer !== undefined) headers.set('authorization', `Bearer ${bearer}`);
    if (body !== undefined) headers.set('content-type', 'application/json');
    try {
      return await this.#fetch(new URL(path, this.#origin), {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        cache: 'no-store',
        credentials: bearer === undefined ? 'same-origin' : 'omit',
        signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
      });
    } catch (cause) {
      throw new ParlourError('unreachable', 'Parlour cannot be reached.', { cause });
    }
  }
}
