import type { Account, Workspace } from '@parlour/protocol/accounts';
import type { Room } from '@parlour/protocol/rooms';

/** Who is here, in which house. Both come with the page; they are never fetched twice. */
export function useSession() {
  const account = useState<Account | null>('account', () => null);
  const workspace = useState<Workspace>('workspace', () => ({
    name: 'Parlour',
    claimed: true,
    signUp: 'invite',
    providers: [],
    mail: false,
  }));
  /** The sentence that the sign-in page shows to somebody whose login ended. */
  const farewell = useState<string>('farewell', () => '');
  const rooms = useState<Room[]>('rooms', () => []);
  // Not `useRoute`, which middleware may not ask for.
  const router = useRouter();
  const nuxt = useNuxtApp();

  /**
   * The login has ended, here or elsewhere: to the door, and afterwards back to this page. Nothing of the person stays
   * on the page; what they had half written is kept for them only where the login ran out by itself.
   */
  function end(sentence: string, { keepsDrafts = true } = {}): void {
    if (account.value === null) return;
    account.value = null;
    rooms.value = [];
    farewell.value = sentence;
    // Once this page has gone: until then it still shows what it was given.
    nuxt.hooks.hookOnce('page:finish', () => nuxt.runWithContext(() => clearNuxtData()));
    if (!keepsDrafts) forgetTab();
    void nuxt.runWithContext(() =>
      navigateTo({ path: '/sign-in', query: { to: router.currentRoute.value.fullPath } }, { replace: true }),
    );
  }

  /** The house in a sentence: by its name, where it was given one. */
  const house = computed(() => (workspace.value.name === 'Parlour' ? 'This house' : workspace.value.name));

  return { account, workspace, house, farewell, end };
}

/** The signed-in person, on pages that only they see. */
export function useMe(): Account {
  const { account } = useSession();
  if (account.value === null) throw failPage(403, 'Nobody is signed in.');
  return account.value;
}
