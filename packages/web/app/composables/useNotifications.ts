const shown = new Map<string, Notification>();
const bodyLength = 140;

export type Notice = { room: string; title: string; body: string };

/** Notifications of the desktop for what is said while nobody looks (A7), as the Notifications API standard has them. */
export function useNotifications() {
  const { notifications } = usePreferences();
  const router = useRouter();

  function show({ room, title, body }: Notice): void {
    if (!notifications.value || document.hasFocus() || !mayNotify()) return;
    const text = body.length > bodyLength ? `${body.slice(0, bodyLength)}…` : body;
    try {
      // One a room, also with several tabs; the sound is ours.
      const notification = new Notification(title, { body: text, tag: `parlour-${room}`, silent: true });
      notification.onclick = () => {
        window.focus();
        void router.push(`/rooms/${room}`);
      };
      shown.set(room, notification);
    } catch {
      // Phones have the constructor and refuse it.
    }
  }

  return { show };
}

export function mayNotify(): boolean {
  return typeof Notification !== 'undefined' && Notification.permission === 'granted';
}

/** Asks the person, if they were not asked before; only in answer to a click. */
export async function askForNotifications(): Promise<boolean> {
  if (typeof Notification === 'undefined') return false;
  return (await Notification.requestPermission()) === 'granted';
}

/** Takes back what is still on the screen: it was seen, or is not for the next person at this desk. */
export function clearNotifications(): void {
  for (const notification of shown.values()) notification.close();
  shown.clear();
}
