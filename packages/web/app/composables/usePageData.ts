import type { ShallowRef } from 'vue';
import { readFailure } from '../session/read-failure.ts';

/** What a page cannot do without: there before it is shown, or an error page with the right status. */
export async function usePageData<T>(key: string, load: (api: Api) => Promise<T>) {
  const api = useApi();
  const { account } = useSession();
  const nuxt = useNuxtApp();
  const { data, error, refresh } = await useAsyncData(key, async () => {
    try {
      return await load(api);
    } catch (failure) {
      const { status, message, code } = readFailure(failure);
      throw createError({ status, message, data: { code } });
    }
  });
  if (error.value) {
    // A login that ended while the page was on its way leads to the door; `useApi` sees to that in the browser.
    if (account.value === null) return { data: data as ShallowRef<T>, refresh };
    // Read first: clearing the data clears its error too.
    const { status = 500, message } = error.value;
    await nuxt.runWithContext(() => clearNuxtData(key));
    throw failPage(status, message);
  }
  return { data: data as ShallowRef<T>, refresh };
}
