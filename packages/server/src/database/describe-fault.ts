/** What went wrong, in the database's own words and without a full stop. */
export function describeFault(error: unknown): string {
  const { message, cause, code } = error as { message?: string; cause?: { message?: string }; code?: string };
  // An attempt at several addresses fails with an error that has no message of its own.
  return (cause?.message || message || code || String(error)).replace(/\.$/, '');
}
