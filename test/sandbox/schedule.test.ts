import { describe, expect, test } from '@jest/globals';
import { scheduleFault } from '../../sandbox/schedule.ts';
import { bench } from './support.ts';

describe('schedules', () => {
  test.each([
    '? 0 2 ? * *',
    '? 5 0,4,8,12,16,20 ? * *',
    '? */15 * ? * 1-5',
    '? 0-30/10 6-18 1,15 1-12 ?',
    '? 59 23 31 12 0',
    '? 0 * * * *',
  ])('%s is one.', (schedule) => {
    expect(scheduleFault(schedule)).toBeUndefined();
  });

  test.each([
    '? * * ? * *',
    '? */1 * ? * *',
    '0 2 * * *',
    '? 60 2 ? * *',
    '? 0 24 ? * *',
    '? 0 2 0 * *',
    '? 0 2 ? 13 *',
    '? 0 2 ? * 7',
    '? 0 5-2 ? * *',
    '? 0 */0 ? * *',
    '? 0, 2 ? * *',
    '? ? 2 ? * *',
    '? 0 2 ? * * 2026',
    7,
  ])('%s has a wrong value.', (schedule) => {
    expect(scheduleFault(schedule)?.code).toBe('invalid_value');
  });

  test.each(['every hour', '*/10 * * ? * *', '0 0 2 ? * *', '? 0 2 ? * MON'])(
    '%s is not supported.',
    (schedule) => {
      expect(scheduleFault(schedule)?.code).toBe('schedule_not_supported');
    },
  );

  test('They are checked even when the flow is disabled, on the flow and on its generators.', async () => {
    const { refusal } = await bench();

    const refused = await refusal('POST', '/v1/flows', {
      name: 'Orders',
      disabled: true,
      schedule: '? * * ? * *',
      pageGenerators: [{ setupInProgress: true, schedule: 'daily' }],
    });

    expect(refused).toEqual([
      '422 invalid_value schedule',
      '422 schedule_not_supported pageGenerators[0].schedule',
    ]);
  });

  test('No schedule is one too: null, or an empty string.', async () => {
    const { make } = await bench();

    await make('flows', { name: 'Orders', schedule: null });
    await make('flows', { name: 'Orders', schedule: '' });
  });
});
