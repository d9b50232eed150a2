import { describe, expect, test } from '@jest/globals';
import { nextTime } from '../../../core/model/next-time.ts';
import { scheduleProblem } from '../../../core/model/schedule.ts';

const iso = (time: number | undefined): string | undefined =>
  time === undefined ? undefined : new Date(time).toISOString();

function next(expression: string, after: string, timezone?: string): string | undefined {
  const time = Date.parse(after);
  return iso(nextTime(expression, { after: time, since: time, timezone }));
}

describe('the next time of a schedule', () => {
  test.each([
    ['cron(0 9 * * ? *)', '2026-03-10T08:59:00Z', undefined, '2026-03-10T09:00:00.000Z'],
    ['cron(0 9 * * ? *)', '2026-03-10T09:00:00Z', undefined, '2026-03-11T09:00:00.000Z'],
    ['cron(0/15 * * * ? *)', '2026-03-10T08:16:00Z', undefined, '2026-03-10T08:30:00.000Z'],
    ['cron(30 6 ? * MON-FRI *)', '2026-03-13T07:00:00Z', undefined, '2026-03-16T06:30:00.000Z'],
    ['cron(0 12 L * ? *)', '2028-02-10T00:00:00Z', undefined, '2028-02-29T12:00:00.000Z'],
    ['cron(0 12 15W * ? *)', '2026-03-01T00:00:00Z', undefined, '2026-03-16T12:00:00.000Z'],
    ['cron(0 12 ? * 6L *)', '2026-03-01T00:00:00Z', undefined, '2026-03-27T12:00:00.000Z'],
    ['cron(0 12 ? * TUE#2 *)', '2026-03-01T00:00:00Z', undefined, '2026-03-10T12:00:00.000Z'],
    ['cron(0 0 1 1 ? 2030)', '2026-03-01T00:00:00Z', undefined, '2030-01-01T00:00:00.000Z'],
    ['cron(0 9 * * ? *)', '2026-07-10T06:00:00Z', 'Europe/Berlin', '2026-07-10T07:00:00.000Z'],
    ['cron(0 1 * * ? *)', '2026-07-10T06:00:00Z', 'Pacific/Auckland', '2026-07-10T13:00:00.000Z'],
    ['cron(0 22 * * ? *)', '2026-07-10T06:00:00Z', 'America/Los_Angeles', '2026-07-11T05:00:00.000Z'],
    ['at(2026-05-01T10:00:00)', '2026-03-01T00:00:00Z', 'Europe/Berlin', '2026-05-01T08:00:00.000Z'],
    ['at(2026-02-01T10:00:00)', '2026-03-01T00:00:00Z', undefined, undefined],
    ['rate(5 minutes)', '2026-03-01T00:00:00Z', undefined, '2026-03-01T00:05:00.000Z'],
    ['rate(1 hour)', '2026-03-01T00:00:00Z', undefined, '2026-03-01T01:00:00.000Z'],
  ])('%s after %s in %s is %s', (expression, after, timezone, expected) => {
    expect(next(expression, after, timezone)).toBe(expected);
  });

  test('an hour that the zone leaps over is left out', () => {
    expect(next('cron(30 2 * * ? *)', '2026-03-29T00:00:00Z', 'Europe/Berlin')).toBe(
      '2026-03-30T00:30:00.000Z',
    );
  });

  test('a rate counts from when the schedule was made, whatever the time is', () => {
    const since = Date.parse('2026-03-01T00:10:00Z');
    const after = Date.parse('2026-03-01T05:00:00Z');

    expect(iso(nextTime('rate(1 hour)', { since, after }))).toBe('2026-03-01T05:10:00.000Z');
  });

  test.each([
    'rate(0 minutes)',
    'rate(1 hours)',
    'rate(2 hour)',
    'rate(1 second)',
    'every hour',
    'cron(* * * * *)',
    'cron(0 9 1 * 2 *)',
    'cron(0 9 ? * ? *)',
    'cron(60 9 * * ? *)',
    'cron(0 9 32 * ? *)',
    'cron(0 9 ? * XYZ *)',
    'cron(0 9 ? * MON#6 *)',
    'cron(5-1 9 * * ? *)',
    'cron(0/0 9 * * ? *)',
    'at(2026-13-01T00:00:00)',
    'at(2027-02-30T00:00:00)',
    'at(2027-02-29T00:00:00)',
    'at(2027-02-01T24:00:00)',
    `cron(${'0,'.repeat(200)}0 9 * * ? *)`,
  ])('%s is refused', (expression) => {
    expect(scheduleProblem(expression)).toMatch(/^must /);
  });

  test.each(['at(2028-02-29T00:00:00)', 'at(2027-02-01T23:59:59)'])('%s is taken', (expression) => {
    expect(scheduleProblem(expression)).toBeUndefined();
  });
});
