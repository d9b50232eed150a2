import type { HttpFunctionName } from '../lambdas/routes.ts';

/** What a function may be given. Each need becomes environment variables and the least rights that go with them. */
export type Need =
  | 'table'
  | 'unfinished'
  | 'api-keys'
  | 'accounts'
  | 'account-writing'
  | 'hooks'
  | 'worker'
  | 'schedules'
  | 'events'
  | 'dead-letters'
  | 'callback-secret'
  | 'clone-retention'
  | 'idempotency-retention'
  | 'metrics';

export interface FunctionSpec {
  readonly description: string;
  /** MB. */
  readonly memory: number;
  readonly timeoutSeconds: number;
  readonly needs: readonly Need[];
}

/**
 * The functions behind the API, as data. They end before API Gateway gives up, after 30 seconds: `clone` waits up
 * to 20 of them for the clone's end.
 */
export const httpFunctions: Readonly<Record<HttpFunctionName, FunctionSpec>> = {
  clone: {
    description: 'Takes a request for a clone, starts it and waits a while for its end',
    memory: 1024,
    timeoutSeconds: 29,
    needs: ['table', 'clone-retention', 'idempotency-retention', 'api-keys', 'accounts', 'worker'],
  },
  clones: {
    description: "Tells a clone's state and progress, and takes wishes for it",
    memory: 512,
    timeoutSeconds: 15,
    needs: ['table', 'clone-retention', 'api-keys', 'worker'],
  },
  accounts: {
    description: 'Lists, stores, checks and clears the accounts a key may use, and lists their flows',
    memory: 512,
    timeoutSeconds: 29,
    needs: ['table', 'clone-retention', 'api-keys', 'accounts', 'account-writing', 'worker'],
  },
  webhooks: {
    description: "Takes senders' signed events, and starts the clones they ask for",
    memory: 1024,
    timeoutSeconds: 15,
    needs: ['table', 'clone-retention', 'hooks', 'worker'],
  },
  syncs: {
    description: 'Stores and lists syncs, begins and stops their runs, and tells what these did',
    memory: 512,
    timeoutSeconds: 29,
    needs: ['table', 'clone-retention', 'api-keys', 'accounts', 'worker', 'schedules'],
  },
  meta: {
    description: 'Health, the OpenAPI document, and the answer to every route that does not exist',
    memory: 256,
    timeoutSeconds: 5,
    needs: [],
  },
};

/** The function that carries clones out, with a full core, and tells what became of them. No route leads to it. */
export const workerFunction: Omit<FunctionSpec, 'timeoutSeconds'> = {
  description: 'Carries clones out, step by step',
  memory: 1769,
  needs: [
    'table',
    'clone-retention',
    'unfinished',
    'accounts',
    'events',
    'dead-letters',
    'callback-secret',
    'metrics',
  ],
};

/**
 * The worker's two hosts: its folder, and how long one invocation may take. A durable function takes all that
 * Lambda allows; a message is handed on every few minutes, so that one whose worker died comes back as soon.
 */
export const workerHosts = {
  durable: { folder: 'worker', timeoutSeconds: 900 },
  queue: { folder: 'worker-queue', timeoutSeconds: 300 },
} as const;

/** The function that the schedules of syncs call. */
export const syncScheduleFunction: FunctionSpec & { readonly folder: string } = {
  folder: 'sync-schedule',
  description: 'Begins the run of a sync that is due',
  memory: 512,
  timeoutSeconds: 30,
  needs: ['table', 'clone-retention', 'worker'],
};

export type ScheduledFunctionName = 'sweeper' | 'account-check';

const DAY_MINUTES = 24 * 60;

/** The functions that a clock calls. */
export const scheduledFunctions: Readonly<
  Record<ScheduledFunctionName, FunctionSpec & { readonly everyMinutes: number }>
> = {
  sweeper: {
    description: 'Restarts clones whose worker was lost, and wakes those whose connections were authorised',
    memory: 512,
    timeoutSeconds: 60,
    everyMinutes: 1,
    needs: ['table', 'clone-retention', 'unfinished', 'accounts', 'worker', 'metrics'],
  },
  'account-check': {
    description: 'Asks integrator.io whether it still takes every token, before a customer finds out',
    memory: 512,
    timeoutSeconds: 900,
    everyMinutes: DAY_MINUTES,
    needs: ['table', 'accounts', 'events'],
  },
};
