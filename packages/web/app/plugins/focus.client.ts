/**
 * After a step to another page the focus goes to its beginning, so that a screen reader reads on there and the next Tab
 * leads into it. A page that has taken the focus itself keeps it.
 */
export default defineNuxtPlugin((nuxt) => {
  let path = useRoute().path;
  nuxt.hook('page:finish', () => {
    const next = useRouter().currentRoute.value.path;
    if (next === path) return;
    path = next;
    requestAnimationFrame(() => {
      const content = document.getElementById('content');
      if (content && !content.contains(document.activeElement)) content.focus({ preventScroll: true });
    });
  });
  nuxt.hook('app:mounted', keepFocus);
});

/**
 * What has the focus may go away: a message that is discarded, the row of a device that was signed out. The focus then
 * goes to the nearest thing around it that can take it, and not to the browser's beginning.
 */
function keepFocus(): void {
  let around: EventTarget[] = [];
  document.addEventListener('focusin', (event) => {
    const content = document.getElementById('content');
    // A dialog gives the focus back to what opened it, where that is still there.
    if (content?.contains(event.target as Node)) around = event.composedPath();
  });
  new MutationObserver(() => {
    const [last] = around;
    if (!(last instanceof Element) || last.isConnected || document.activeElement !== document.body) return;
    const next = around.find((one) => one instanceof HTMLElement && one.isConnected && one.matches('[tabindex]'));
    around = [];
    ((next as HTMLElement | undefined) ?? document.getElementById('content'))?.focus({ preventScroll: true });
  }).observe(document.body, { childList: true, subtree: true });
}
