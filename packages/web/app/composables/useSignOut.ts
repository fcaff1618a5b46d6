import { readFailure } from '../session/read-failure.ts';

/** Signs out of this browser. The server closes the sockets of every tab; what was half written here is forgotten. */
export function useSignOut() {
  const api = useApi();
  const client = useClient();
  const toast = useToast();

  async function signOut(): Promise<void> {
    let next = '/sign-in';
    try {
      // Where a provider signed this person in, its own session ends too: it leads back to the door.
      const answer = await api.send<{ next?: string }>('POST', '/api/auth/sign-out', {});
      next = answer.next ?? next;
    } catch (failure) {
      const error = readFailure(failure);
      if (error.status !== 401) {
        toast.add({ title: `You are still signed in: ${error.message}` });
        return;
      }
    }
    client.forget();
    forgetTab();
    clearNotifications();
    window.location.assign(next);
  }

  return { signOut };
}
