import { closeCodes, type RevocationReason, revocationReasons } from '@parlour/protocol/close-codes';

const meanings = new Map<number, string>(Object.values(closeCodes).map(({ code, meaning }) => [code, meaning]));

/** Why the login ended, where the server closed with 4403; a reason that is not known is the plainest one (P-CLOSE-4). */
export function findRevocation(code: number, reason: string): RevocationReason | undefined {
  if (code !== closeCodes.revoked.code) return undefined;
  return Object.hasOwn(revocationReasons, reason) ? (reason as RevocationReason) : 'session_ended';
}

/** Why a socket closed, as a sentence for a person. A revocation names its reason in the close frame. */
export function explainClose(code: number, reason: string): string {
  const revocation = findRevocation(code, reason);
  if (revocation !== undefined) return revocationReasons[revocation];
  return meanings.get(code) ?? 'The connection was lost.';
}

/** A server says at most this many seconds; more is no hint of it. */
const longestHint = 60;

/** How long the server wants to be left alone, in milliseconds: 4429 and 1012 may carry seconds as their reason. */
export function findCloseDelay(code: number, reason: string): number {
  const isTooFast = code === closeCodes.tooFast.code;
  if (!isTooFast && code !== closeCodes.restarting.code) return 0;
  const seconds = Number.parseFloat(reason);
  if (Number.isNaN(seconds)) return isTooFast ? 1000 : 0;
  return Math.min(Math.max(seconds, 0), longestHint) * 1000;
}
