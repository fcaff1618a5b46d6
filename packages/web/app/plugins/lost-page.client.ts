/**
 * A page whose code cannot be loaded. After an update of the server its files are new ones, and the whole page is loaded
 * anew; but where the server is out of reach that would trade the open page for the browser's own error, so one stays.
 */
export default defineNuxtPlugin((nuxt) => {
  const router = useRouter();
  const lost = new Set<unknown>();
  router.beforeEach(() => lost.clear());
  nuxt.hook('app:chunkError', ({ error }) => void lost.add(error));
  router.onError(async (error, to) => {
    if (!lost.has(error)) return;
    if (await isReachable()) enter(to.fullPath);
    else useToast().add({ title: 'This page cannot be loaded while Parlour is out of reach.' });
  });
});

async function isReachable(): Promise<boolean> {
  try {
    return (await fetch('/health/live', { cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}
