import { METRIC_NAMESPACE } from '../lambdas/metrics/emf.ts';

/** What an alarm looks at. Each kind stands for the dimensions of one or more resources. */
export type AlarmSubject = 'function' | 'durable worker' | 'dead letters' | 'clones' | 'api' | 'table';

/** One alarm, as data. */
export interface AlarmSpec {
  /** Part of the construct's id and of the alarm's description. */
  readonly id: string;
  readonly subject: AlarmSubject;
  readonly namespace: string;
  readonly metric: string;
  readonly statistic: 'Sum' | 'Maximum' | 'p99';
  /** It rings when the statistic is at least this. */
  readonly threshold: number;
  readonly periodMinutes: number;
  /** How many periods in a row. */
  readonly periods: number;
  /** What it means, and what to do. */
  readonly description: string;
}

/** Every alarm of the service. Silence is good news: missing data never rings. */
export const alarms: readonly AlarmSpec[] = [
  {
    id: 'FunctionErrors',
    subject: 'function',
    namespace: 'AWS/Lambda',
    metric: 'Errors',
    statistic: 'Sum',
    threshold: 1,
    periodMinutes: 5,
    periods: 1,
    description: 'An invocation ended with an error that the function did not answer. Its log has the cause.',
  },
  {
    id: 'FunctionThrottles',
    subject: 'function',
    namespace: 'AWS/Lambda',
    metric: 'Throttles',
    statistic: 'Sum',
    threshold: 1,
    periodMinutes: 5,
    periods: 3,
    description:
      'The account ran out of concurrency, or the worker reached its own: clones wait. Raise workerConcurrency or the quota.',
  },
  {
    id: 'ExecutionsFailed',
    subject: 'durable worker',
    namespace: 'AWS/Lambda',
    metric: 'DurableExecutionFailed',
    statistic: 'Sum',
    threshold: 1,
    periodMinutes: 5,
    periods: 1,
    description: "An attempt at a clone failed. Read the clone's state, remove the cause, then resume it.",
  },
  {
    id: 'ExecutionsTimedOut',
    subject: 'durable worker',
    namespace: 'AWS/Lambda',
    metric: 'DurableExecutionTimedOut',
    statistic: 'Sum',
    threshold: 1,
    periodMinutes: 5,
    periods: 1,
    description:
      'An attempt at a clone took longer than executionTimeout. Resuming goes on where it stopped.',
  },
  {
    id: 'DeadLetters',
    subject: 'dead letters',
    namespace: 'AWS/SQS',
    metric: 'ApproximateNumberOfMessagesVisible',
    statistic: 'Maximum',
    threshold: 1,
    periodMinutes: 5,
    periods: 1,
    description: 'Work that the worker gave up waits in the dead-letter queue. Each message names its clone.',
  },
  {
    id: 'DeadLettersAge',
    subject: 'dead letters',
    namespace: 'AWS/SQS',
    metric: 'ApproximateAgeOfOldestMessage',
    statistic: 'Maximum',
    threshold: 7 * 24 * 3600,
    periodMinutes: 60,
    periods: 1,
    description: 'A dead letter is a week old, and will be gone in another. Resume its clone, or let it go.',
  },
  {
    id: 'ClonesFailed',
    subject: 'clones',
    namespace: METRIC_NAMESPACE,
    metric: 'ClonesFailed',
    statistic: 'Sum',
    threshold: 1,
    periodMinutes: 5,
    periods: 1,
    description: 'A clone did not come to its end. Its state says why, and what was done and undone of it.',
  },
  {
    id: 'RateLimited',
    subject: 'clones',
    namespace: METRIC_NAMESPACE,
    metric: 'RateLimited',
    statistic: 'Sum',
    threshold: 10,
    periodMinutes: 5,
    periods: 2,
    description:
      'integrator.io answers 429: somebody else uses an account, or two services share one. Lower rateShare.',
  },
  {
    id: 'ApiServerErrors',
    subject: 'api',
    namespace: 'AWS/ApiGateway',
    metric: '5xx',
    statistic: 'Sum',
    threshold: 5,
    periodMinutes: 5,
    periods: 1,
    description:
      'Callers get server errors. A 502 is integrator.io or a failed clone; the access log tells which.',
  },
  {
    id: 'ApiLatency',
    subject: 'api',
    namespace: 'AWS/ApiGateway',
    metric: 'Latency',
    statistic: 'p99',
    threshold: 28_000,
    periodMinutes: 5,
    periods: 3,
    description: 'Requests come close to the 30 seconds after which API Gateway gives up.',
  },
  {
    id: 'TableReadThrottles',
    subject: 'table',
    namespace: 'AWS/DynamoDB',
    metric: 'ReadThrottleEvents',
    statistic: 'Sum',
    threshold: 1,
    periodMinutes: 5,
    periods: 3,
    description:
      'DynamoDB keeps readers of the ledger waiting. It passes by itself unless one partition is hot.',
  },
  {
    id: 'TableWriteThrottles',
    subject: 'table',
    namespace: 'AWS/DynamoDB',
    metric: 'WriteThrottleEvents',
    statistic: 'Sum',
    threshold: 1,
    periodMinutes: 5,
    periods: 3,
    description:
      'DynamoDB keeps writers of the ledger waiting. It passes by itself unless one partition is hot.',
  },
];
