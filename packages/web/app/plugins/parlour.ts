import { createClient } from '@parlour/client';

/** One client for the whole application. On the server it connects nowhere: it holds what the page shows first. */
export default defineNuxtPlugin((nuxt) => {
  const client = createClient(import.meta.server ? { url: 'http://localhost' } : {});
  if (import.meta.client) nuxt.hook('app:mounted', () => watchClient(client));
  return { provide: { client } };
});
