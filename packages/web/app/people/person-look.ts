/** How many colours people are told apart by: `.tint-0` and so on, in assets/tints.css. */
const tints = 12;

/** A person keeps their colour everywhere: it hangs on their id and nothing else. */
export function findTint(personId: string): string {
  // FNV-1a, 32 bits, folded: ids that differ in one character are far apart.
  let hash = 0x811c9dc5;
  for (let index = 0; index < personId.length; index += 1) {
    hash = Math.imul(hash ^ personId.charCodeAt(index), 0x01000193);
  }
  hash ^= hash >>> 15;
  return `tint-${(hash >>> 0) % tints}`;
}

/** `AL` for Ada Lovelace, `A` for ada. */
export function findInitials(name: string): string {
  const words = name
    .trim()
    .split(/[\s._-]+/u)
    .filter(Boolean);
  const first = words.at(0) ?? '';
  const last = words.length > 1 ? (words.at(-1) ?? '') : '';
  return [first, last]
    .map((word) => Array.from(word)[0] ?? '')
    .join('')
    .toLocaleUpperCase('en');
}
