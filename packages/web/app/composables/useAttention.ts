/** Whether somebody looks at this page: it is visible and has the focus. */
export function useAttention(): Readonly<Ref<boolean>> {
  const attention = ref(false);
  const look = () => {
    attention.value = document.visibilityState === 'visible' && document.hasFocus();
  };
  onMounted(() => {
    look();
    window.addEventListener('focus', look);
    window.addEventListener('blur', look);
    document.addEventListener('visibilitychange', look);
  });
  onBeforeUnmount(() => {
    window.removeEventListener('focus', look);
    window.removeEventListener('blur', look);
    document.removeEventListener('visibilitychange', look);
  });
  return attention;
}
