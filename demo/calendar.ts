const minute = 60_000;

/** Days of the demo as moments: day 0 is the first, and the last ends with yesterday, by the local time of this machine. */
export class Calendar {
  readonly now: number;
  readonly #days: number;

  constructor(now: number, days: number) {
    this.now = now;
    this.#days = days;
  }

  /** Milliseconds since 1970 of a day at so many hours. */
  at(day: number, hours: number): number {
    const date = new Date(this.now);
    date.setDate(date.getDate() - this.#days + day);
    date.setHours(0, Math.floor(hours * 60), 0, 0);
    return date.getTime();
  }

  isWeekend(day: number): boolean {
    return [0, 6].includes(new Date(this.at(day, 12)).getDay());
  }

  minutesAgo(minutes: number): number {
    return this.now - minutes * minute;
  }
}
