/** Where to go after signing in: a path of this site, and never back to the door itself (C5, fault 22). */
export function readReturnPath(asked: unknown): string | undefined {
  if (typeof asked !== 'string' || !asked.startsWith('/')) return undefined;
  const here = 'http://here.invalid';
  // Browsers read `//other.site` and `/\other.site` as another site: the parser decides, not the look of the text.
  const url = URL.canParse(asked, here) ? new URL(asked, here) : undefined;
  if (url === undefined || url.origin !== here) return undefined;
  // A path such as `/.//other.site` is on this site when parsed and on another once it is put in an address again.
  if (url.pathname.startsWith('//')) return undefined;
  if (/^\/(sign-in|sign-up|api)(\/|$)/.test(url.pathname)) return undefined;
  return url.pathname + url.search + url.hash;
}
