import type { Caller } from './caller.ts';
import type { LogInDeps, SignedInAt } from './open-session.ts';

export type SignOutDeps = Pick<LogInDeps, 'sessions' | 'onSessionEnded'> & {
  /** Where the browser ends its session at the provider, if that is possible. */
  findSignOutUrl(at: SignedInAt): Promise<string | undefined>;
};

/**
 * Ends a session. The provider comes afterwards, so that nothing of it can keep somebody signed in here: answers where
 * to send the browser to end that session too.
 */
export async function signOut(
  { sessions, onSessionEnded, findSignOutUrl }: SignOutDeps,
  { grantId }: Caller,
): Promise<string | undefined> {
  const at = await sessions.findProvider(grantId);
  await sessions.end(grantId, 'signed_out');
  onSessionEnded();
  return at === undefined ? undefined : await findSignOutUrl(at);
}
