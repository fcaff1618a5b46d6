/** JSON that can be read and not written again: keys that are numbers make `JSON.stringify` go down a stack. */
export function deepJson(depth: number): string {
  return `${'{"0":'.repeat(depth)}1${'}'.repeat(depth)}`;
}
