import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { newNonce, pagePolicy } from '../http/security-headers.ts';
import {
  type HandleApi,
  type PageLog,
  PageRenderer,
  type PageRendererOptions,
  RenderingFailed,
} from './page-renderer.ts';
import { plainPage } from './plain-page.ts';
import { StaticFiles } from './static-files.ts';

export type WebPagesOptions = {
  /** The folder that `nuxt build` fills: `server/` and `public/`. */
  outputFolder: string;
  /** Answers what a page asks of the API while it is rendered; `page` is the visitor's own request. */
  handleApi: HandleApi;
  /** This house's own origins with ws(s), to which its pages may connect. */
  sockets: readonly string[];
  log: PageLog;
} & Pick<PageRendererOptions, 'waitingLimit' | 'concurrency' | 'timeout' | 'restartDelay'>;

export type WebPages = { fetch(request: Request): Promise<Response>; close(): Promise<void> };

const innerAddress = /^\/+__nuxt/i;

/** Everything that is not the API: static files from this thread, pages from the rendering worker. */
export function createWebPages({ outputFolder, sockets, ...options }: WebPagesOptions): WebPages {
  const entry = pathToFileURL(join(outputFolder, 'server', 'index.mjs')).href;
  const renderer = new PageRenderer({ entry, ...options });
  const files = StaticFiles.index(join(outputFolder, 'public'));
  files.catch((error: unknown) => options.log.error('The built pages cannot be read.', { cause: error }));

  async function fetch(request: Request): Promise<Response> {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return plainPage(405, 'Not here', 'Pages are only read.', { allow: 'GET, HEAD' });
    }
    const file = await (await files).fetch(request);
    if (file !== undefined) return file;
    // The page kit's own addresses are for itself: its error page would show whatever the address says.
    if (innerAddress.test(decodedPath(request))) {
      return plainPage(404, 'There is nothing here', 'The address may be mistyped, or what it led to is gone.');
    }
    try {
      const nonce = newNonce();
      const response = await renderer.render(request, nonce);
      // Every page may be personal (D8).
      response.headers.set('cache-control', 'no-store');
      response.headers.set('content-security-policy', pagePolicy({ nonce, sockets }));
      return response;
    } catch (error) {
      if (!(error instanceof RenderingFailed)) throw error;
      return plainPage(503, 'One moment, please', 'Parlour is busy just now. Reload the page in a few seconds.', {
        'retry-after': '2',
      });
    }
  }

  return { fetch, close: () => renderer.close() };
}

function decodedPath(request: Request): string {
  const { pathname } = new URL(request.url);
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}
