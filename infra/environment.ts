import type { Environment } from '../lambdas/environment.ts';

/** The environment variables by which a function learns what it was bound to, as the functions read them. */
export const environment = {
  table: 'FLOWFERRY_TABLE',
  workerFunction: 'FLOWFERRY_WORKER_FUNCTION',
  workerQualifier: 'FLOWFERRY_WORKER_QUALIFIER',
  workerQueueUrl: 'FLOWFERRY_WORKER_QUEUE_URL',
  eventBus: 'FLOWFERRY_EVENT_BUS',
  deadLettersUrl: 'FLOWFERRY_DEAD_LETTERS_URL',
  encryptionKey: 'FLOWFERRY_ENCRYPTION_KEY',
  scheduleGroup: 'FLOWFERRY_SCHEDULE_GROUP',
  scheduleFunctionArn: 'FLOWFERRY_SCHEDULE_FUNCTION_ARN',
  scheduleRoleArn: 'FLOWFERRY_SCHEDULE_ROLE_ARN',
  scheduleDeadLettersArn: 'FLOWFERRY_SCHEDULE_DEAD_LETTERS_ARN',
  cloneDays: 'FLOWFERRY_CLONE_DAYS',
  idempotencyDays: 'FLOWFERRY_IDEMPOTENCY_DAYS',
  metrics: 'FLOWFERRY_METRICS',
  logLevel: 'FLOWFERRY_LOG_LEVEL',
  auth: 'FLOWFERRY_AUTH',
  jwtClaim: 'FLOWFERRY_JWT_CLAIM',
} as const satisfies Record<string, keyof Environment>;
