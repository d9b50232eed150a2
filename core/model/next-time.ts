import { type CronField, parseSchedule } from './schedule.ts';

const DAY_MS = 86_400_000;

/** How far ahead a cron expression is looked up, days; one that names no day in it never runs. */
const MOST_DAYS = 366 * 10;

/**
 * When a schedule is due next, in ms since the epoch; `undefined`: never again.
 *
 * @param after only times later than this count, ms since the epoch
 * @param since when the schedule was made: the moment that rates count from
 * @throws RangeError for an expression that is none
 */
export function nextTime(
  expression: string,
  { timezone = 'UTC', after, since }: { timezone?: string | undefined; after: number; since: number },
): number | undefined {
  const schedule = parseSchedule(expression);
  if (schedule.kind === 'rate') {
    const periods = Math.floor(Math.max(0, after - since) / schedule.everyMs) + 1;
    return since + periods * schedule.everyMs;
  }
  const toUtc = converter(timezone);
  if (schedule.kind === 'at') {
    const time = toUtc(Date.parse(`${schedule.localTime}Z`));
    return time !== undefined && time > after ? time : undefined;
  }
  const [minutes, hours, ...day] = schedule.fields;
  if (minutes === undefined || hours === undefined) return undefined;
  // A day back: where the zone is behind, its day began before ours.
  const first = Math.floor(after / DAY_MS) * DAY_MS - DAY_MS;
  for (let index = 0; index < MOST_DAYS; index += 1) {
    const start = first + index * DAY_MS;
    if (!fitsDay(day, new Date(start))) continue;
    for (const hour of valuesOf(hours, 24)) {
      for (const minute of valuesOf(minutes, 60)) {
        const time = toUtc(start + hour * 3_600_000 + minute * 60_000);
        if (time !== undefined && time > after) return time;
      }
    }
  }
  return undefined;
}

function valuesOf({ any, values }: CronField, count: number): number[] {
  if (any) return Array.from({ length: count }, (_, value) => value);
  return [...values].sort((a, b) => a - b);
}

/** Whether a day, given as its midnight in UTC, is one that the expression names. */
function fitsDay(fields: readonly CronField[], date: Date): boolean {
  const [dayOfMonth, month, dayOfWeek, year] = fields;
  const has = (field: CronField | undefined, value: number): boolean =>
    field === undefined || field.any || field.values.has(value);
  if (!has(year, date.getUTCFullYear()) || !has(month, date.getUTCMonth() + 1)) return false;
  return fitsDayOfMonth(dayOfMonth, date) && fitsDayOfWeek(dayOfWeek, date);
}

function fitsDayOfMonth(field: CronField | undefined, date: Date): boolean {
  if (field === undefined || field.any) return true;
  const day = date.getUTCDate();
  const last = lastDay(date);
  if (field.last) return day === last;
  if (field.nearest !== undefined) return day === weekdayNextTo(field.nearest, date, last);
  return field.values.has(day);
}

function fitsDayOfWeek(field: CronField | undefined, date: Date): boolean {
  if (field === undefined || field.any) return true;
  // Sunday is 1.
  const weekday = date.getUTCDay() + 1;
  const day = date.getUTCDate();
  if (field.nth) return weekday === field.nth.day && Math.ceil(day / 7) === field.nth.week;
  if (field.last) return field.values.has(weekday) && day + 7 > lastDay(date);
  return field.values.has(weekday);
}

function lastDay(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

/** The weekday nearest to a day of the month, never in another month. */
function weekdayNextTo(wanted: number, date: Date, last: number): number {
  const day = Math.min(wanted, last);
  const weekday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), day)).getUTCDay();
  if (weekday === 6) return day === 1 ? 3 : day - 1;
  if (weekday === 0) return day === last ? day - 2 : day + 1;
  return day;
}

/** From a zone's own time, written as if it were UTC, to UTC; `undefined` for an hour that the zone leaps over. */
function converter(timezone: string): (local: number) => number | undefined {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const localOf = (time: number): number => {
    const parts = Object.fromEntries(
      format.formatToParts(time).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  };
  return (local) => {
    for (const guess of [local, local + DAY_MS / 2, local - DAY_MS / 2]) {
      const time = local - (localOf(guess) - guess);
      if (localOf(time) === local) return time;
    }
    return undefined;
  };
}
