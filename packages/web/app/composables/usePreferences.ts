export type Theme = 'system' | 'light' | 'dark';

const year = 365 * 24 * 60 * 60;

/** What this browser prefers. Cookies, because the server renders with it: right from the first paint. */
export function usePreferences() {
  const options = { maxAge: year, sameSite: 'lax', path: '/' } as const;
  const themeCookie = useCookie<string | null>('parlour-theme', options);
  const soundCookie = useCookie<string | null>('parlour-sound', options);
  const notificationsCookie = useCookie<string | null>('parlour-notifications', options);
  const membersCookie = useCookie<string | null>('parlour-members', options);

  const theme = computed<Theme>({
    get: () => (themeCookie.value === 'light' || themeCookie.value === 'dark' ? themeCookie.value : 'system'),
    set: (choice) => {
      themeCookie.value = choice === 'system' ? null : choice;
    },
  });
  const sound = computed<boolean>({
    get: () => soundCookie.value !== 'off',
    set: (on) => {
      soundCookie.value = on ? null : 'off';
    },
  });
  const notifications = computed<boolean>({
    get: () => notificationsCookie.value === 'on',
    set: (on) => {
      notificationsCookie.value = on ? 'on' : null;
    },
  });
  /** Whether the list of members stands beside the room, where there is space for it. */
  const members = computed<boolean>({
    get: () => membersCookie.value !== 'closed',
    set: (open) => {
      membersCookie.value = open ? null : 'closed';
    },
  });
  return { theme, sound, notifications, members };
}
