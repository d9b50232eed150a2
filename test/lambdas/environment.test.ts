import { describe, expect, test } from '@jest/globals';
import { readEnvironment } from '../../lambdas/environment.ts';

describe('the environment', () => {
  test('has defaults for all but what a function must be told', () => {
    const environment = readEnvironment({ FLOWFERRY_TABLE: 'table' }, ['FLOWFERRY_TABLE']);

    expect(environment).toMatchObject({
      FLOWFERRY_TABLE: 'table',
      FLOWFERRY_SYNC_WAIT_MS: 20_000,
      FLOWFERRY_IDEMPOTENCY_DAYS: 7,
      FLOWFERRY_WORKER_QUALIFIER: 'live',
      FLOWFERRY_ALLOW_LOOPBACK: false,
    });
  });

  test('is read as numbers and flags', () => {
    const environment = readEnvironment({ FLOWFERRY_SYNC_WAIT_MS: '0', FLOWFERRY_ALLOW_LOOPBACK: 'true' });

    expect(environment).toMatchObject({ FLOWFERRY_SYNC_WAIT_MS: 0, FLOWFERRY_ALLOW_LOOPBACK: true });
  });

  test('is refused with every variable that is missing or wrong, and none of their values', () => {
    const read = () =>
      readEnvironment(
        {
          FLOWFERRY_SYNC_WAIT_MS: 'planted',
          FLOWFERRY_STEP_MS: '5',
          FLOWFERRY_ALLOW_LOOPBACK: 'yes',
          FLOWFERRY_LOG_LEVEL: 'loud',
        },
        ['FLOWFERRY_TABLE', 'FLOWFERRY_WORKER_FUNCTION'],
      );

    expect(read).toThrow(
      /SYNC_WAIT_MS must be a whole number.*STEP_MS must be at least 1000.*LOOPBACK must be true or false.*LOG_LEVEL must be one of.*TABLE must be set.*WORKER_FUNCTION must be set/,
    );
    expect(read).not.toThrow(/planted|loud|yes/);
  });
});
