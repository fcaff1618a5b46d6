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

/** How long the server wants to be left alone, in milliseconds: 4429 may carry seconds as its reason. */
export function findCloseDelay(code: number, reason: string): number {
  if (code !== closeCodes.tooFast.code) return 0;
  const seconds = Number.parseFloat(reason);
  return Number.isNaN(seconds) ? 1000 : seconds * 1000;
}
