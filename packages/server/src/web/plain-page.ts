import { styleOnlyPolicy } from '../http/security-headers.ts';

const style = `
:root{color-scheme:light dark;--paper:#fbfaf7;--ink:#22201c;--muted:#5f5a51}
@media (prefers-color-scheme:dark){:root{--paper:#171614;--ink:#ece8df;--muted:#a39c8f}}
body{margin:0;min-height:100vh;display:grid;place-content:center;gap:12px;padding:24px;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
h1{margin:0;font:560 28px/1.2 Georgia,serif}p{margin:0;max-width:44ch;color:var(--muted)}
`;

/** A page without the application: for when it cannot be rendered. It names no cause and needs no other file. */
export function plainPage(status: number, title: string, text: string, headers: Record<string, string> = {}): Response {
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${style}</style></head><body><main><h1>${title}</h1><p>${text}</p></main></body></html>`;
  return new Response(html, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': styleOnlyPolicy(style),
      ...headers,
    },
  });
}
