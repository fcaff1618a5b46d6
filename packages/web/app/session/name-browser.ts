/** `Firefox on Windows`, or `Unknown browser` where it did not tell. */
export function nameBrowser({ browser, system }: { browser: string; system: string }): string {
  return system === 'unknown system' ? browser : `${browser} on ${system}`;
}
