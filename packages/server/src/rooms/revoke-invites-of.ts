import type { Clock } from '../clock.ts';
import { revokeEveryInviteOf } from './invite-store.ts';
import type { Queries } from './room.ts';

/** Takes back whatever links somebody made who may no longer let anybody in, inside the caller's transaction. */
export async function revokeInvitesOf({ clock }: { clock: Clock }, trx: Queries, maker: string): Promise<void> {
  await revokeEveryInviteOf(trx, maker, clock.now());
}
