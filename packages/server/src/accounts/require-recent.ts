import { ParlourError } from '@parlour/protocol/errors';
import type { Clock } from '../clock.ts';
import type { Caller } from './caller.ts';

/** Milliseconds for which somebody who has shown who they are may change how they sign in. */
export const recentFor = 10 * 60 * 1_000;

/**
 * Before whatever would let somebody at an unlocked screen, or with a stolen cookie, keep the account: the caller must
 * have signed in, or confirmed it, a short time ago. Throws `confirmation_required`.
 */
export function requireRecent({ clock }: { clock: Clock }, { confirmedAt }: Caller): void {
  if (clock.now() - confirmedAt < recentFor) return;
  throw new ParlourError('confirmation_required', 'Confirm that it is you, and try again.');
}
