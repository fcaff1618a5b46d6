/** A challenge is good for five minutes, and this page may stand open for longer. */
const renewal = 4 * 60 * 1_000;

/** Signs in with a passkey, by the button or by what the browser suggests for the email field. */
export function usePasskeySignIn(to: () => string) {
  const api = useApi();
  const { sign, canSuggest } = usePasskeyCeremony();
  const isSupported = ref(true);
  let isAsked = false;
  let timer: ReturnType<typeof setInterval> | undefined;

  async function signIn(options: Parameters<typeof sign>[0]): Promise<void> {
    await api.send('POST', '/api/auth/passkey', await sign(options));
    enter(to());
  }

  // It ends without a result whenever another ceremony begins, and asks for nothing: there is nothing to tell about it.
  // Nor may it end the one that somebody has begun by the button meanwhile.
  function suggest(): void {
    void signIn({ suggested: true, isWanted: () => !isAsked }).catch(() => undefined);
  }

  const { run, busy, failure } = useAction(async () => {
    isAsked = true;
    try {
      await signIn({});
    } catch (error) {
      isAsked = false;
      if (timer !== undefined) suggest();
      throw error;
    }
  });

  onMounted(async () => {
    isSupported.value = 'PublicKeyCredential' in window;
    if (!isSupported.value || !(await canSuggest().catch(() => false))) return;
    suggest();
    timer = setInterval(suggest, renewal);
  });
  onBeforeUnmount(() => clearInterval(timer));

  return { run, busy, failure, isSupported };
}
