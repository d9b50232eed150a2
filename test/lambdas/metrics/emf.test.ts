import { describe, expect, test } from '@jest/globals';
import { createMetrics } from '../../../lambdas/metrics/emf.ts';
import { parseLine } from './support.ts';

const clock = { now: () => 1_700_000_000_000, monotonic: () => 0, sleep: async () => undefined };

describe('the embedded metric format', () => {
  const written: string[] = [];
  const metrics = createMetrics({ clock, write: (line) => written.push(line) });

  test('a line is one JSON object, whose directive names what the line holds, with time, unit and dimensions', () => {
    // Act
    metrics.put(
      { Clones: 1, CloneDurationMs: 12 },
      { dimensions: { Status: 'failed' }, facts: { cloneId: 'c' } },
    );

    // Assess
    const [line = ''] = written.splice(0);
    expect(line).toMatch(/^\{.*\}\n$/);
    expect(parseLine(line)).toEqual({
      _aws: {
        Timestamp: 1_700_000_000_000,
        CloudWatchMetrics: [
          {
            Namespace: 'flowferry',
            Dimensions: [['Service'], ['Service', 'Status']],
            Metrics: [
              { Name: 'Clones', Unit: 'Count' },
              { Name: 'CloneDurationMs', Unit: 'Milliseconds' },
            ],
          },
        ],
      },
      Service: 'flowferry',
      Status: 'failed',
      cloneId: 'c',
      Clones: 1,
      CloneDurationMs: 12,
    });
  });

  test('facts make no series', () => {
    // Act
    metrics.put({ Calls: 3 }, { facts: { Account: 'acme' } });

    // Assess
    const { _aws, Account } = parseLine(written.splice(0)[0] ?? '');
    expect(Account).toBe('acme');
    expect(_aws.CloudWatchMetrics[0]?.Dimensions).toEqual([['Service']]);
  });
});
