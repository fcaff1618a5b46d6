/** Marks what the page itself brings, so that the Content-Security-Policy lets that run and nothing else. */
export default defineNitroPlugin((nitro) => {
  nitro.hooks.hook('render:html', (html, { event }) => {
    // Set by the server for each page (page-renderer.ts); absent in development.
    const nonce = getRequestHeader(event, 'x-nonce');
    if (nonce === undefined) return;
    const mark = (chunk: string) => chunk.replaceAll(/<(script|style|link)(?=[\s>])/g, `<$1 nonce="${nonce}"`);
    // Not in `body`: what people wrote stands there.
    html.head = html.head.map(mark);
    html.bodyPrepend = html.bodyPrepend.map(mark);
    html.bodyAppend = html.bodyAppend.map(mark);
  });
});
