const longest = 280;

/** The beginning of a text as one paragraph, cut at a word where there is one near the end. */
export function makeExcerpt(text: string): string {
  const characters = Array.from(text.trim().replace(/\s+/g, ' '));
  if (characters.length <= longest) return characters.join('');
  const cut = characters.slice(0, longest).join('');
  return `${cut.replace(/\s\S{0,30}$/, '').trimEnd()}…`;
}
