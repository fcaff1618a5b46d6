/**
 * Hands over what stands behind the `#` of a link that was mailed: browsers send it to no server. It is taken out of the
 * address at once, so that it stays in no history and on no screen; empty where the link is not complete.
 */
export function useLinkSecret(onFound: (secret: string) => void): void {
  function take(): void {
    const secret = window.location.hash.slice(1);
    window.history.replaceState(window.history.state, '', window.location.pathname);
    onFound(secret);
  }

  /** Another link that is opened in the same tab loads no page. */
  function takeNext(): void {
    if (window.location.hash !== '') take();
  }

  onMounted(() => {
    take();
    window.addEventListener('hashchange', takeNext);
  });
  onBeforeUnmount(() => window.removeEventListener('hashchange', takeNext));
}
