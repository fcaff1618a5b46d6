/**
 * Asks the person to show again who they are, in one dialog for the whole page (ConfirmDialog). `useApi` does so by
 * itself wherever the server asks for it, and then sends the request again.
 */
export function useConfirmation() {
  const state = useState<'idle' | 'asking' | 'confirmed'>('confirmation', () => 'idle');

  /** True when they did, false when they went back. */
  function ask(): Promise<boolean> {
    state.value = 'asking';
    return new Promise((resolve) => {
      const stop = watch(state, (now) => {
        stop();
        resolve(now === 'confirmed');
      });
    });
  }

  return { state, ask };
}
