/**
 * Days and dates, proleptic Gregorian, UTC. The machine may not use the host's `Date`, and needs little of it.
 */

export interface CalendarDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  /** 1 = Sunday to 7 = Saturday, as the clock chip counts. */
  readonly dayOfWeek: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
}

const SECONDS_PER_DAY = 86_400;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** `year` may be the clock chip's two digits: every fourth year is a leap year there as well (1901 to 2099). */
export function daysInMonth(month: number, year: number): number {
  if (month === 2 && year % 4 === 0 && (year < 100 || year % 100 !== 0 || year % 400 === 0)) return 29;
  return MONTH_DAYS[month - 1] ?? 31;
}

export function fromEpochSeconds(epochSeconds: number): CalendarDate {
  const days = Math.floor(epochSeconds / SECONDS_PER_DAY);
  const time = Math.floor(epochSeconds - days * SECONDS_PER_DAY);
  let year = 1970;
  let left = days;
  for (let length = yearDays(year); left >= length; length = yearDays(year)) {
    left -= length;
    year++;
  }
  let month = 1;
  for (let length = daysInMonth(month, year); left >= length; length = daysInMonth(month, year)) {
    left -= length;
    month++;
  }
  return {
    year,
    month,
    day: left + 1,
    // 1 January 1970 was a Thursday.
    dayOfWeek: ((days + 4) % 7) + 1,
    hours: Math.floor(time / 3600),
    minutes: Math.floor(time / 60) % 60,
    seconds: time % 60,
  };
}

function yearDays(year: number): number {
  return daysInMonth(2, year) === 29 ? 366 : 365;
}
