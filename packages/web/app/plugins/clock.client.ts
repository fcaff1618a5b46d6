const minute = 60_000;

/** Tells the server this browser's time zone for the next page, and keeps "today" true in this one. */
export default defineNuxtPlugin((nuxt) => {
  const { zone, now } = useClock();
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const cookie = useCookie<string | null>('parlour-time-zone', {
    maxAge: 365 * 24 * 60 * 60,
    sameSite: 'lax',
    path: '/',
  });
  if (cookie.value !== own) cookie.value = own;
  nuxt.hook('app:suspense:resolve', () => {
    zone.value = own;
    now.value = Date.now();
  });
  setInterval(() => {
    now.value = Date.now();
  }, minute);
});
