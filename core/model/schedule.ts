/**
 * The schedule expressions of EventBridge Scheduler: `rate(value unit)`, `cron(minutes hours day-of-month month
 * day-of-week year)` and `at(yyyy-mm-ddThh:mm:ss)`.
 * See https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */

/** The most that AWS takes as an expression. */
const MAX_LENGTH = 256;

const RATE = /^rate\(([1-9][0-9]{0,8}) (minute|minutes|hour|hours|day|days)\)$/;
const AT = /^at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\)$/;
const CRON = /^cron\((.*)\)$/;

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

interface Field {
  name: string;
  min: number;
  max: number;
  names?: readonly string[];
}

const FIELDS: readonly Field[] = [
  { name: 'minutes', min: 0, max: 59 },
  { name: 'hours', min: 0, max: 23 },
  { name: 'day of month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  { name: 'day of week', min: 1, max: 7, names: DAYS },
  { name: 'year', min: 1970, max: 2199 },
];

const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** A schedule that was understood. */
export type Schedule =
  | { kind: 'rate'; everyMs: number }
  | { kind: 'at'; localTime: string }
  | { kind: 'cron'; fields: readonly CronField[] };

/** What one field of a cron expression allows; `any` where it is `*` or `?`. */
export interface CronField {
  any: boolean;
  values: ReadonlySet<number>;
  /** `L`: the last day; with `values` in the day of week: the last such day of the month. */
  last?: true;
  /** `15W`: the weekday next to this day of the month. */
  nearest?: number;
  /** `6#3`: the third such weekday of the month. */
  nth?: { day: number; week: number };
}

/** What is wrong with an expression, in words that follow its name; `undefined` for a good one. */
export function scheduleProblem(text: string): string | undefined {
  try {
    parseSchedule(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Reads an expression. Throws a RangeError that says what is wrong with it. */
export function parseSchedule(text: string): Schedule {
  if (text.length > MAX_LENGTH) throw new RangeError(`must have at most ${MAX_LENGTH} characters`);
  const rate = RATE.exec(text);
  if (rate) return rateOf(Number(rate[1]), String(rate[2]));
  const at = AT.exec(text);
  if (at) {
    const localTime = String(at[1]);
    if (!isTime(localTime)) throw new RangeError('must name a time that exists');
    return { kind: 'at', localTime };
  }
  const cron = CRON.exec(text);
  if (!cron)
    throw new RangeError('must be rate(...), cron(...) or at(...) as EventBridge Scheduler takes it');
  const parts = String(cron[1]).trim().split(/\s+/);
  if (parts.length !== FIELDS.length) throw new RangeError('must have six fields in cron(...)');
  const [, , dayOfMonth, , dayOfWeek] = parts;
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw new RangeError('must have ? in the day of month or in the day of week, and not in both');
  }
  return { kind: 'cron', fields: FIELDS.map((field, index) => cronField(field, String(parts[index]))) };
}

/** Whether it stays what it is when it is read as a date: the 30th of February becomes a day of March. */
function isTime(localTime: string): boolean {
  const time = Date.parse(`${localTime}Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(localTime);
}

function rateOf(value: number, unit: string): Schedule {
  const isPlural = unit.endsWith('s');
  if (isPlural === (value === 1))
    throw new RangeError(`must be rate(${value} ${value === 1 ? 'minute' : 'minutes'}) or the like`);
  const singular = (isPlural ? unit.slice(0, -1) : unit) as keyof typeof UNIT_MS;
  return { kind: 'rate', everyMs: value * UNIT_MS[singular] };
}

function cronField(field: Field, text: string): CronField {
  const isDay = field.name === 'day of month' || field.name === 'day of week';
  if (text === '*' || (text === '?' && isDay)) return { any: true, values: new Set() };
  const special = isDay ? specialDay(field, text) : undefined;
  if (special) return special;
  const values = new Set<number>();
  for (const part of text.split(',')) for (const value of rangeOf(field, part)) values.add(value);
  return { any: false, values };
}

function specialDay(field: Field, text: string): CronField | undefined {
  if (text === 'L') {
    // AWS: L in the day of week alone is Saturday, the last of the week.
    return field.name === 'day of month'
      ? { any: false, values: new Set(), last: true }
      : { any: false, values: new Set([7]) };
  }
  if (field.name === 'day of month') {
    const weekday = /^(\d{1,2})W$/.exec(text);
    return weekday
      ? { any: false, values: new Set(), nearest: numberOf(field, String(weekday[1])) }
      : undefined;
  }
  const last = /^(\w+)L$/.exec(text);
  if (last) return { any: false, values: new Set([numberOf(field, String(last[1]))]), last: true };
  const nth = /^(\w+)#([1-5])$/.exec(text);
  if (!nth) return undefined;
  return {
    any: false,
    values: new Set(),
    nth: { day: numberOf(field, String(nth[1])), week: Number(nth[2]) },
  };
}

function rangeOf(field: Field, part: string): number[] {
  const [range = '', step, ...more] = part.split('/');
  if (more.length > 0) throw wrong(field, part);
  const every = step === undefined ? 1 : Number(step);
  if (step !== undefined && (!/^\d{1,4}$/.test(step) || every < 1)) throw wrong(field, part);
  const [from, to] = boundsOf(field, range, step !== undefined);
  if (from > to) throw wrong(field, part);
  return Array.from({ length: Math.floor((to - from) / every) + 1 }, (_, index) => from + index * every);
}

function boundsOf(field: Field, range: string, hasStep: boolean): [number, number] {
  if (range === '*') return [field.min, field.max];
  const [first = '', second, ...more] = range.split('-');
  if (more.length > 0) throw wrong(field, range);
  const from = numberOf(field, first);
  if (second !== undefined) return [from, numberOf(field, second)];
  return [from, hasStep ? field.max : from];
}

function numberOf(field: Field, text: string): number {
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1;
  const value = named >= 0 ? named + 1 : /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= field.min && value <= field.max)) throw wrong(field, text);
  return value;
}

function wrong(field: Field, text: string): RangeError {
  return new RangeError(
    `must have ${field.min} to ${field.max} in the field ${field.name}, not ${JSON.stringify(text.slice(0, 20))}`,
  );
}
