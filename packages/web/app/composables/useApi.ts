import { readFailure } from '../session/read-failure.ts';

type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type Query = Record<string, string | number | undefined>;
type Request = (path: string, options: { method: string; query?: Query; body?: unknown; retry: 0 }) => Promise<unknown>;

export type Api = {
  get<T>(path: string, query?: Query): Promise<T>;
  send<T = unknown>(method: Method, path: string, body?: unknown): Promise<T>;
};

/** Milliseconds in which a live socket is closed with the reason, which a refused request does not tell (I7). */
const reasonComes = 1_500;

/** The API: over the network in the browser, inside the process while a page is rendered. Throws ParlourError. */
export function useApi(): Api {
  const request = useRequestFetch() as unknown as Request;
  const { account, end } = useSession();
  const confirmation = useConfirmation();
  const nuxt = useNuxtApp();

  function endLogin(): void {
    const whose = account.value?.id;
    const wait = nuxt.$client.state.name === 'ready' ? reasonComes : 0;
    setTimeout(() => {
      if (account.value?.id === whose) end('Your login has ended. Please sign in again.');
    }, wait);
  }

  async function call(path: string, options: { method: string; query?: Query; body?: unknown }): Promise<unknown> {
    try {
      return await request(path, { ...options, retry: 0 });
    } catch (failure) {
      const error = readFailure(failure);
      // Only the server's own word ends a login here; an outage never does (D8, fault 23).
      const isOver = error.code === 'not_authenticated' || error.code === 'anonymous';
      if (import.meta.client && isOver && account.value !== null) endLogin();
      if (import.meta.client && error.code === 'confirmation_required' && (await confirmation.ask())) {
        return await call(path, options);
      }
      throw error;
    }
  }

  return {
    get: <T>(path: string, query: Query = {}) => call(path, { method: 'GET', query }) as Promise<T>,
    send: <T>(method: Method, path: string, body?: unknown) =>
      call(path, { method, ...(body === undefined ? {} : { body }) }) as Promise<T>,
  };
}
