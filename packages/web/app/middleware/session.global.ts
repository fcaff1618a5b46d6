import type { Account, Workspace } from '@parlour/protocol/accounts';
import { readReturnPath } from '@parlour/protocol/return-path';
import { readFailure } from '../session/read-failure.ts';

async function loadAccount(api: Api): Promise<Account | null> {
  try {
    return await api.get<Account>('/api/account');
  } catch (failure) {
    if (readFailure(failure).code === 'anonymous') return null;
    throw failure;
  }
}

/** Asks once, with the page, who the visitor is (D1), and leads those who may not see it to the door (C5, D2). */
export default defineNuxtRouteMiddleware(async (to) => {
  const { account, workspace } = useSession();
  const api = useApi();
  if (import.meta.server) {
    try {
      const known = await Promise.all([loadAccount(api), api.get<Workspace>('/api/workspace')]);
      [account.value, workspace.value] = known;
    } catch (failure) {
      return abortNavigation(failPage(503, readFailure(failure).message));
    }
  }
  const isSignedIn = account.value !== null;
  if (to.meta.access === 'door' && isSignedIn) return navigateTo(readReturnPath(to.query['to']) ?? '/rooms');
  if (to.meta.access === undefined && !isSignedIn && to.matched.length > 0) {
    return navigateTo({ path: '/sign-in', query: { to: to.fullPath } });
  }
});
