// The whole server with its pages, as it runs for people. With `constant` only the pages' data is other: all that they ask
// of the API is answered once, and from then on by the same bytes.
import { fileURLToPath } from 'node:url';
import type { HandleApi } from '../../packages/server/src/web/page-renderer.ts';
import { createWebPages } from '../../packages/server/src/web/web-pages.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import { openParlour } from './open-parlour.ts';
import { serveBenchmark } from './peer.ts';

const folder = makeTemporaryFolder();
const outputFolder = fileURLToPath(new URL('../../packages/web/.output', import.meta.url));

function answerOnce(handleApi: HandleApi): HandleApi {
  const answers = new Map<string, Promise<[Uint8Array<ArrayBuffer>, ResponseInit]>>();
  const ask: typeof handleApi = async (request, page) => {
    const known = answers.get(request.url) ?? handleApi(request, page).then(keep);
    answers.set(request.url, known);
    return new Response(...(await known));
  };
  return ask;
}

async function keep(response: Response): Promise<[Uint8Array<ArrayBuffer>, ResponseInit]> {
  const { status, headers } = response;
  return [new Uint8Array(await response.arrayBuffer()), { status, headers: [...headers] }];
}

const { app, listener, log, close } = await openParlour({ PARLOUR_DATA: folder });
const handleApi = process.argv[2] === 'constant' ? answerOnce(app.handleApi) : app.handleApi;
app.servePages(createWebPages({ outputFolder, handleApi, sockets: app.sockets, log }));
listener.handle(app.handlers);
serveBenchmark(listener.port, close);
