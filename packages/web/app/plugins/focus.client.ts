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
});
