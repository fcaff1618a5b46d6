import { formatDay, formatMoment, formatTime, isTimeZone } from '../time/format-time.ts';

export type Clock = ReturnType<typeof useClock>;

/** Times in words. Server and browser use the same zone and the same "now", so that nothing changes at hydration. */
export function useClock() {
  const zone = useState('time-zone', () => {
    const known = useCookie<string | null>('parlour-time-zone').value;
    return isTimeZone(known) ? known : 'UTC';
  });
  const now = useState('now', () => Date.now());
  const read = (at: string | number) => (typeof at === 'number' ? at : Date.parse(at));
  return {
    zone,
    now,
    time: (at: string | number) => formatTime(read(at), zone.value),
    day: (at: string | number) => formatDay(read(at), now.value, zone.value),
    /** The same in the middle of a sentence. */
    dayInside: (at: string | number) =>
      formatDay(read(at), now.value, zone.value).replace(/^(Today|Yesterday)$/, (day) => day.toLowerCase()),
    moment: (at: string | number) => formatMoment(read(at), zone.value),
  };
}
