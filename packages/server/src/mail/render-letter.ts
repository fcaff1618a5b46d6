import type { House, Letter } from './letter.ts';

export type RenderedLetter = { subject: string; text: string; html: string };

/** Nothing is loaded from anywhere: no picture, no font, no count of who opened it. */
const style = `
body { margin: 0; padding: 24px 16px; background: #fbfaf7; color: #22201c;
  font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', sans-serif; }
main { max-width: 520px; margin: 0 auto; padding: 28px 28px 20px; border: 1px solid #e5e1d8; border-radius: 12px;
  background: #ffffff; }
h1 { margin: 0 0 16px; font: 600 22px/1.3 Georgia, 'Times New Roman', serif; }
p { margin: 0 0 16px; overflow-wrap: anywhere; }
table { margin: 0 0 16px; border-collapse: collapse; }
th { padding: 2px 16px 2px 0; color: #5f5a51; font-weight: 400; text-align: left; vertical-align: top; }
td { padding: 2px 0; overflow-wrap: anywhere; }
a { color: #1d6b58; }
.button { display: inline-block; padding: 11px 18px; border-radius: 8px; background: #1d6b58; color: #ffffff;
  font-weight: 600; text-decoration: none; }
.small { color: #5f5a51; font-size: 14px; }
@media (prefers-color-scheme: dark) {
  body { background: #171614; color: #ece8df; }
  main { border-color: #2f2c27; background: #1f1d1a; }
  th, .small { color: #a39c8f; }
  a { color: #6cc3a6; }
  .button { background: #6cc3a6; color: #0f2019; }
}`;

export function renderLetter(letter: Letter, house: House): RenderedLetter {
  return { subject: letter.subject, text: toText(letter, house), html: toHtml(letter, house) };
}

function toText({ paragraphs, facts = [], action, closing = [] }: Letter, { name, origin }: House): string {
  const parts = [...paragraphs];
  if (facts.length > 0) parts.push(facts.map(([label, value]) => `${label}: ${value}`).join('\n'));
  if (action !== undefined) parts.push(`${action.label}:\n${action.url}`);
  // Two hyphens and a space begin a signature (RFC 3676, section 4.3).
  return `${[...parts, ...closing, `-- \n${name}\n${origin}`].join('\n\n')}\n`;
}

function toHtml({ subject, paragraphs, facts = [], action, closing = [] }: Letter, { name, origin }: House) {
  const rows = facts.map(
    ([label, value]) => `<tr><th scope="row">${escapeHtml(label)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  const parts = [
    `<h1>${escapeHtml(subject)}</h1>`,
    ...paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`),
    ...(rows.length > 0 ? [`<table>${rows.join('')}</table>`] : []),
    ...(action === undefined ? [] : linkTo(action)),
    ...closing.map((text) => `<p class="small">${escapeHtml(text)}</p>`),
    `<p class="small">${escapeHtml(name)} · <a href="${escapeHtml(origin)}">${escapeHtml(origin)}</a></p>`,
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(subject)}</title>
<style>${style}
</style>
</head>
<body>
<main>
${parts.join('\n')}
</main>
</body>
</html>
`;
}

// Also in full: some people read a link before they follow it, and some programs show no button.
function linkTo({ label, url }: { label: string; url: string }): string[] {
  return [
    `<p><a class="button" href="${escapeHtml(url)}">${escapeHtml(label)}</a></p>`,
    `<p class="small">Or open this address: <a href="${escapeHtml(url)}">${escapeHtml(url)}</a></p>`,
  ];
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
