import { MessageStore } from '../packages/server/src/messages/message-store.ts';
import { RevocationLog } from '../packages/server/src/sockets/revocation-log.ts';

/** What can be missing, to see that the checker notices: the first two in the nodes, the others in the clients. */
export const switches = ['repair', 'revocation', 'resume', 'idempotency'] as const;
export type Switch = (typeof switches)[number];

/** In a node: it finds nothing of what it missed, or of what has ended. */
export function switchOff(name: string | undefined): void {
  if (name === 'repair') MessageStore.prototype.listEventsAfter = async () => [];
  if (name === 'revocation') RevocationLog.prototype.readAfter = async () => [];
}
