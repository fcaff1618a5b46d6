const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = 'January February March April May June July August September October November December'.split(' ');
const dayLength = 24 * 60 * 60 * 1000;

type Moment = { year: number; month: number; day: number; hour: number; minute: number };

const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(timeZone: string): Intl.DateTimeFormat {
  let known = formats.get(timeZone);
  if (known === undefined) {
    const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
    known = new Intl.DateTimeFormat('en-GB', { timeZone, hourCycle: 'h23', ...numeric });
    formats.set(timeZone, known);
  }
  return known;
}

/** What a zone's clocks show ahead of UTC, in milliseconds, by zone and quarter of an hour: it changes at none other. */
const offsets = new Map<string, number>();
const quarter = 15 * 60 * 1000;
const offsetsKept = 2_000;

function findOffset(at: number, timeZone: string): number {
  const start = Math.floor(at / quarter) * quarter;
  const key = `${timeZone} ${start}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    const parts = { year: 0, month: 0, day: 0, hour: 0, minute: 0 };
    for (const { type, value } of formatFor(timeZone).formatToParts(start)) {
      if (type in parts) parts[type as keyof Moment] = Number(value);
    }
    offset = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute) - start;
    if (offsets.size >= offsetsKept) offsets.clear();
    offsets.set(key, offset);
  }
  return offset;
}

/**
 * Only numbers come from the runtime. How it would join them to words changes with its version, and the server's and
 * the browser's words must be the same to the letter.
 */
function readMoment(at: number, timeZone: string): Moment {
  const local = new Date(at + findOffset(at, timeZone));
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
  };
}

const twoDigits = (number: number) => String(number).padStart(2, '0');
const nameDay = ({ day, month }: Moment) => `${day} ${months[month - 1]}`;

function nameWeekday({ year, month, day }: Moment): string {
  return weekdays[new Date(Date.UTC(year, month - 1, day)).getUTCDay()] ?? '';
}

/** Whether dates can be written in this time zone: it comes from a cookie and may be anything. */
export function isTimeZone(name: unknown): name is string {
  if (typeof name !== 'string' || name === '') return false;
  try {
    return formatFor(name) !== undefined;
  } catch {
    return false;
  }
}

/** `9:33` */
export function formatTime(at: number, timeZone: string): string {
  const { hour, minute } = readMoment(at, timeZone);
  return `${hour}:${twoDigits(minute)}`;
}

/** A key that is the same for all moments of one day. */
export function dayOf(at: number, timeZone: string): string {
  const { year, month, day } = readMoment(at, timeZone);
  return `${year}-${twoDigits(month)}-${twoDigits(day)}`;
}

/** `Today`, `Yesterday`, `Tuesday 3 March`, `3 March 2025` */
export function formatDay(at: number, now: number, timeZone: string): string {
  const day = dayOf(at, timeZone);
  if (day === dayOf(now, timeZone)) return 'Today';
  if (day === dayOf(now - dayLength, timeZone)) return 'Yesterday';
  const moment = readMoment(at, timeZone);
  if (moment.year === readMoment(now, timeZone).year) return `${nameWeekday(moment)} ${nameDay(moment)}`;
  return `${nameDay(moment)} ${moment.year}`;
}

/** `Tuesday 3 March 2026 at 9:33`, for those who ask for it. */
export function formatMoment(at: number, timeZone: string): string {
  const moment = readMoment(at, timeZone);
  return `${nameWeekday(moment)} ${nameDay(moment)} ${moment.year} at ${formatTime(at, timeZone)}`;
}
