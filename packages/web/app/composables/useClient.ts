import type { Client, ConnectionState } from '@parlour/client';
import { useConnection } from '@parlour/client/vue';
import { keepsUnsent } from '@parlour/protocol/close-codes';

export function useClient(): Client {
  return useNuxtApp().$client;
}

export function useConnectionState(): Readonly<Ref<ConnectionState>> {
  return useConnection(useClient());
}

/** Whether the connection is gone: from the cut on, also while an attempt to come back is under way. */
export function useIsOffline(): ComputedRef<boolean> {
  const connection = useConnectionState();
  return computed(() => {
    const { name, attempt } = connection.value;
    return name === 'offline' || (name === 'connecting' && attempt > 1);
  });
}

/** Keeps the socket as long as somebody is signed in, and brings what it tells to the list of rooms. */
export function watchClient(client: Client): void {
  const { account, end } = useSession();
  const { load, patch, find } = useRooms();
  const chime = useChime();
  const notifications = useNotifications();
  const toast = useToast();
  let wasReady = false;

  client.on('state', ({ name, reason, revocation }) => {
    if (name === 'signed-out') {
      clearNotifications();
      end(reason ?? 'Your login has ended. Please sign in again.', { keepsDrafts: keepsUnsent(revocation) });
    }
    if (name !== 'ready') return;
    // What was told while the socket was away is in no frame: the list is loaded again.
    if (wasReady) void load().catch(() => undefined);
    wasReady = true;
  });
  client.on('self', (frame) => {
    if (frame.kind === 'role') {
      if (account.value !== null) account.value = { ...account.value, role: frame.role };
      // What a page was told that the person may do is another answer now.
      void refreshNuxtData();
      return;
    }
    if (frame.kind !== 'unread') {
      void load().catch(() => undefined);
      return;
    }
    const { room, seq, unread, mentions, readSeq } = frame;
    const known = find(room);
    if (unread > (known?.unread ?? 0)) {
      chime.play();
      const body = unread === 1 ? 'One new message' : `${unread} new messages`;
      notifications.show({ room, title: known?.name ?? 'Parlour', body });
    }
    patch(room, { seq, unread, mentions, readSeq });
  });
  window.addEventListener('focus', clearNotifications);
  client.on('error', (error) => void toast.add({ title: error.message }));

  watch(
    () => account.value?.id,
    (id) => (id === undefined ? client.close() : client.connect()),
    { immediate: true },
  );
}
