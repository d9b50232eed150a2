/** Why a schedule is refused: the code and a text for it. */
export interface ScheduleFault {
  code: 'invalid_value' | 'schedule_not_supported';
  message: string;
}

interface Range {
  name: string;
  low: number;
  high: number;
  /** Whether `?` may stand for "no matter". */
  mayBeOpen: boolean;
}

const RANGES: readonly Range[] = [
  { name: 'minute', low: 0, high: 59, mayBeOpen: false },
  { name: 'hour', low: 0, high: 23, mayBeOpen: false },
  { name: 'day of month', low: 1, high: 31, mayBeOpen: true },
  { name: 'month', low: 1, high: 12, mayBeOpen: false },
  { name: 'day of week', low: 0, high: 6, mayBeOpen: true },
];

/**
 * Checks a schedule as integrator.io does, also that of a disabled flow: six fields
 * `? minute hour day-of-month month day-of-week`, with lists, ranges and steps. The seconds are always `?`.
 * Every minute of an hour can't be asked for.
 *
 * @returns what is wrong, or undefined
 */
export function scheduleFault(schedule: unknown): ScheduleFault | undefined {
  if (typeof schedule !== 'string') return invalid('The schedule must be a string.');
  const fields = schedule.trim().split(/\s+/);
  if (/[a-z]/i.test(schedule)) return unsupported('The schedule is not a cron expression of six fields.');
  if (fields.length !== 6) return invalid('The schedule must have six fields.');
  if (fields[0] !== '?') return unsupported('Schedules below one minute are not supported.');
  for (const [index, range] of RANGES.entries()) {
    const text = fields[index + 1] ?? '';
    if (text === '?' && range.mayBeOpen) continue;
    if (!text.split(',').every((part) => fits(part, range))) {
      return invalid(`The ${range.name} of the schedule is not valid: ${text}`);
    }
  }
  if (/^\*(\/1)?$/.test(fields[1] ?? '')) return invalid('A schedule of every minute is not valid.');
  return undefined;
}

function fits(part: string, range: Range): boolean {
  const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part);
  if (!match) return false;
  const [, first, last, step] = match;
  if (step !== undefined && Number(step) < 1) return false;
  if (first === undefined) return true;
  const low = Number(first);
  const high = last === undefined ? low : Number(last);
  return low >= range.low && high <= range.high && low <= high;
}

function invalid(message: string): ScheduleFault {
  return { code: 'invalid_value', message };
}

function unsupported(message: string): ScheduleFault {
  return { code: 'schedule_not_supported', message };
}
