import { getCompileCacheDir } from 'node:module';
import { Worker } from 'node:worker_threads';
import { hideCodes } from '../hide-codes.ts';
import type { ApiRequest, ApiResponse, FromWorker, PageRequest, PageResponse, ToWorker } from './render-messages.ts';

export type HandleApi = (request: Request, page: Request) => Promise<Response>;
export type PageLog = { error(message: string, details?: Record<string, unknown>): void };

/** Rendering could not be done now: too many wait, it took too long, or the worker died of it. */
export class RenderingFailed extends Error {
  override name = 'RenderingFailed';
}

type Job = {
  page: Request;
  nonce: string;
  cookies: string[];
  timer?: NodeJS.Timeout;
  resolve(response: Response): void;
  reject(error: RenderingFailed): void;
};

export type PageRendererOptions = {
  /** URL of the built application's module. */
  entry: string;
  handleApi: HandleApi;
  log: PageLog;
  /** Pages that may wait for a place, and pages rendered at a time. */
  waitingLimit?: number;
  concurrency?: number;
  /** Milliseconds after which a page is given up, and the worker with it when it says nothing at all. */
  timeout?: number;
  /** Milliseconds to wait before a worker that died is started again. */
  restartDelay?: number;
};

const dropped = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'x-powered-by']);

/** Renders pages in a worker thread, so that the loop that serves sockets never waits for one. */
export class PageRenderer {
  readonly #options: Required<PageRendererOptions>;
  readonly #waiting: Job[] = [];
  readonly #running = new Map<number, Job>();
  #worker: Worker | undefined;
  #restart: NodeJS.Timeout | undefined;
  #lastHeard = 0;
  #pages = 0;
  #failedStarts = 0;
  #ready = false;
  #closed = false;

  constructor(options: PageRendererOptions) {
    this.#options = { waitingLimit: 256, concurrency: 8, timeout: 20_000, restartDelay: 250, ...options };
    this.#start();
  }

  /** The nonce marks the page's scripts and styles as its own. */
  render(page: Request, nonce: string): Promise<Response> {
    if (this.#closed) return Promise.reject(new RenderingFailed('The server is stopping.'));
    if (this.#waiting.length >= this.#options.waitingLimit) {
      return Promise.reject(new RenderingFailed('Too many pages wait to be rendered.'));
    }
    return new Promise((resolve, reject) => {
      const job: Job = { page, nonce, cookies: [], resolve, reject };
      job.timer = setTimeout(() => this.#giveUp(job), this.#options.timeout);
      this.#waiting.push(job);
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#restart);
    this.#refuseAll(new RenderingFailed('The server is stopping.'));
    await this.#worker?.terminate();
  }

  #start(): void {
    const compiled = getCompileCacheDir();
    const worker = new Worker(new URL('./render-worker.ts', import.meta.url), {
      name: 'pages',
      workerData: { entry: this.#options.entry },
      // Nothing of the server's environment, its secrets least of all, is visible to the pages.
      env: { NODE_ENV: 'production', ...(compiled === undefined ? {} : { NODE_COMPILE_CACHE: compiled }) },
      stdout: true,
      stderr: true,
    });
    for (const stream of [worker.stdout, worker.stderr]) stream.on('data', (said: Buffer) => this.#note(said));
    this.#worker = worker;
    this.#ready = false;
    worker.on('message', (message: FromWorker) => this.#hear(message));
    worker.on('error', (error: Error) => this.#options.log.error('The rendering worker failed.', { cause: error }));
    worker.on('exit', () => this.#ended());
  }

  // What the page kit prints names the address of the page, with the invite's code in it.
  #note(said: Buffer): void {
    this.#options.log.error('While a page was rendered.', { said: hideCodes(said.toString().trim()) });
  }

  #ended(): void {
    // A build that cannot even load must not keep a core busy with starting it.
    this.#failedStarts = this.#ready ? 0 : this.#failedStarts + 1;
    this.#ready = false;
    for (const id of [...this.#running.keys()]) {
      this.#finish(id)?.reject(new RenderingFailed('The rendering worker died.'));
    }
    const delay = this.#options.restartDelay * 2 ** Math.min(this.#failedStarts, 6);
    if (!this.#closed) this.#restart = setTimeout(() => this.#start(), delay);
  }

  #next(): void {
    while (this.#ready && this.#running.size < this.#options.concurrency) {
      const job = this.#waiting.shift();
      if (job === undefined) return;
      const page = ++this.#pages;
      this.#running.set(page, job);
      this.#post({ type: 'render', page, request: describePage(job) });
    }
  }

  #hear(message: FromWorker): void {
    this.#lastHeard = performance.now();
    if (message.type === 'ready') {
      this.#ready = true;
    } else if (message.type === 'api') {
      void this.#callApi(message.page, message.call, message.request);
      return;
    } else {
      const job = this.#finish(message.page);
      if (message.type === 'rendered') job?.resolve(toResponse(message.response, job.cookies));
      else {
        this.#options.log.error('A page could not be rendered.', { reason: message.reason });
        job?.reject(new RenderingFailed('The page could not be rendered.'));
      }
    }
    this.#next();
  }

  /** The caller's own cookie is taken from the page's request here, whatever the worker holds. */
  async #callApi(page: number, call: number, { method, path, headers }: ApiRequest): Promise<void> {
    const job = this.#running.get(page);
    if (job === undefined) return;
    const request = new Request(new URL(path, job.page.url), { method, headers });
    const cookie = job.page.headers.get('cookie');
    if (cookie !== null) request.headers.set('cookie', cookie);
    const response = await this.#answer(request, job);
    job.cookies.push(...response.headers.filter(([name]) => name === 'set-cookie').map(([, value]) => value));
    this.#post({ type: 'api-answer', call, response });
  }

  async #answer(request: Request, job: Job): Promise<ApiResponse> {
    try {
      const response = await this.#options.handleApi(request, job.page);
      const body = new Uint8Array(await response.arrayBuffer());
      return { status: response.status, headers: [...response.headers], body };
    } catch (error) {
      this.#options.log.error('An API call of a page failed.', { cause: error });
      return { status: 500, headers: [], body: new Uint8Array() };
    }
  }

  #giveUp(job: Job): void {
    job.reject(new RenderingFailed('Rendering took too long.'));
    const place = this.#waiting.indexOf(job);
    if (place >= 0) {
      // It says nothing about a worker that is only starting.
      this.#waiting.splice(place, 1);
      return;
    }
    for (const [id, running] of this.#running) if (running === job) this.#finish(id);
    if (performance.now() - this.#lastHeard > this.#options.timeout) void this.#worker?.terminate();
    else this.#next();
  }

  #finish(page: number): Job | undefined {
    const job = this.#running.get(page);
    clearTimeout(job?.timer);
    this.#running.delete(page);
    return job;
  }

  #refuseAll(error: RenderingFailed): void {
    const jobs = [...this.#waiting.splice(0), ...this.#running.values()];
    this.#running.clear();
    for (const job of jobs) {
      clearTimeout(job.timer);
      job.reject(error);
    }
  }

  #post(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }
}

/** Pages need the visitor's cookie and language, and nothing else of the request. */
function describePage({ page, nonce }: Job): PageRequest {
  const url = new URL(page.url);
  // A header, because that is all that the page kit hands on to its error page.
  const headers: Record<string, string> = { accept: 'text/html', host: url.host, 'x-nonce': nonce };
  for (const name of ['cookie', 'accept-language']) {
    const value = page.headers.get(name);
    if (value !== null) headers[name] = value;
  }
  return { method: page.method, path: url.pathname + url.search, headers };
}

function toResponse({ status, headers, body }: PageResponse, cookies: readonly string[]): Response {
  const kept = new Headers(headers.filter(([name]) => !dropped.has(name)));
  for (const cookie of cookies) kept.append('set-cookie', cookie);
  return new Response((body ?? null) as BodyInit | null, { status, headers: kept });
}
