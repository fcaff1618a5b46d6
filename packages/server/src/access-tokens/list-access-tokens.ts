import type { AccessToken } from '@parlour/protocol/access-tokens';
import type { Person } from '@parlour/protocol/events';
import type { Page } from '@parlour/protocol/paging';
import { toAccessToken } from './access-token.ts';
import { listAccessTokenRows } from './access-token-store.ts';
import type { AccessTokenDeps } from './create-access-token.ts';

/** One's own tokens that still work, newest first: so few that they are one page. */
export async function listAccessTokens({ db, clock }: AccessTokenDeps, owner: Person): Promise<Page<AccessToken>> {
  const rows = await listAccessTokenRows(db.kysely, owner.id, clock.now());
  return { items: rows.map(toAccessToken), next: null };
}
