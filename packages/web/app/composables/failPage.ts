import type { NuxtError } from '#app';

/** What to throw for a page that cannot be shown. Only in the browser does it have to take the place of what is there. */
export function failPage(status: number, message: string): NuxtError {
  return createError({ status, message, fatal: import.meta.client });
}
