/** False in the page as the server sent it: what is chosen before the script is there would be taken back by it. */
export function useReady(): Readonly<Ref<boolean>> {
  const ready = ref(false);
  onMounted(() => {
    ready.value = true;
  });
  return ready;
}
