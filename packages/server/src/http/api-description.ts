import type { Hono } from 'hono';
import { html, raw } from 'hono/html';
import { generateSpecs } from 'hono-openapi';
import { type AppEnv, newRoutes } from './http-app.ts';
import { styleOnlyPolicy } from './security-headers.ts';

const documentation = {
  info: {
    title: 'Parlour',
    version: '1',
    description:
      'JSON over HTTP, by session cookie or bearer. Refusals are problem documents (RFC 9457) with a stable `code`.',
  },
  components: {
    securitySchemes: {
      session: { type: 'apiKey', in: 'cookie', name: 'parlour.session_token' },
      bearer: { type: 'http', scheme: 'bearer' },
    },
  },
  security: [{ session: [] }, { bearer: [] }],
} as const;

type Operation = { tags?: string[]; summary?: string; responses?: Record<string, { description?: string }> };
type Row = { method: string; path: string; operation: Operation };

/** `/api/openapi.json`, generated from the schemas that validate, and the same for people at `/api/docs`. */
export function apiDescription(app: Hono<AppEnv>): Hono<AppEnv> {
  let specs: ReturnType<typeof generateSpecs> | undefined;
  const describe = () => {
    specs ??= generateSpecs(app, { documentation: documentation as never });
    return specs;
  };
  return newRoutes()
    .get('/openapi.json', async (c) => c.json(await describe()))
    .get('/docs', async (c) => {
      c.header('content-security-policy', styleOnlyPolicy(style));
      return c.html(toPage(listRows((await describe()).paths as Record<string, Record<string, Operation>>)));
    });
}

function listRows(paths: Record<string, Record<string, Operation>>): Row[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

function toPage(rows: Row[]) {
  const groups = Map.groupBy(rows, ({ operation }) => operation.tags?.[0] ?? 'Other');
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Parlour’s HTTP interface</title>
<style>${raw(style)}</style>
</head>
<body>
<main>
<h1>Parlour’s HTTP interface</h1>
<p>${documentation.info.description} The same for programs: <a href="/api/openapi.json">openapi.json</a>.</p>
${[...groups].map(([tag, group]) => html`<section><h2>${tag}</h2>${group.map(toEntry)}</section>`)}
</main>
</body>
</html>`;
}

function toEntry({ method, path, operation }: Row) {
  const answers = Object.entries(operation.responses ?? {});
  return html`<article>
<h3><code>${method}</code> <code>${path}</code></h3>
<p>${operation.summary ?? ''}</p>
<dl>${answers.map(([status, { description }]) => html`<div><dt>${status}</dt><dd>${description ?? ''}</dd></div>`)}</dl>
</article>`;
}

const style = `
:root { color-scheme: light dark; --paper: #fbfaf7; --ink: #22201c; --muted: #5f5a51; --line: #e5e1d8; --accent: #1d6b58; }
@media (prefers-color-scheme: dark) { :root { --paper: #171614; --ink: #ece8df; --muted: #a39c8f; --line: #2f2c27; --accent: #6cc3a6; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 48px 16px; }
h1 { font-size: 28px; } h2 { margin-top: 48px; font-size: 19px; } h3 { margin: 0; font-size: 15px; }
a { color: var(--accent); } code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
h3 code:first-child { color: var(--accent); }
article { border-top: 1px solid var(--line); padding: 16px 0; } p { margin: 4px 0; color: var(--muted); }
dl { margin: 8px 0 0; font-size: 13px; } dl div { display: grid; grid-template-columns: 48px 1fr; } dd { margin: 0; color: var(--muted); }
`;
