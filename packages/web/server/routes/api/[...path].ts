import type { CallApi } from '../../render-entry.ts';

/** What a page asks of the API while it is rendered goes to the application in this process, not over the network. */
export default defineEventHandler(async (event) => {
  // In development the pages run apart from the application, and behind it (bin/dev.ts).
  if (import.meta.dev) return proxyRequest(event, `${process.env['API_ORIGIN']}${event.path}`);
  const callApi = event.context['callApi'] as CallApi | undefined;
  // Rendering only reads; and from outside, `/api` never comes here.
  if (callApi === undefined || event.method !== 'GET') throw createError({ statusCode: 404 });
  const { status, headers, body } = await callApi({
    method: event.method,
    path: event.path,
    headers: { accept: 'application/json' },
  });
  setResponseStatus(event, status);
  for (const [name, value] of headers) if (name === 'content-type') setResponseHeader(event, name, value);
  return Buffer.from(body);
});
