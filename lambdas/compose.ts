import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import {
  createBindingStore,
  createCloneStore,
  createIdempotencyStore,
  createLedger,
} from '../adapters/dynamodb/index.ts';
import { GateRegistry, systemClock } from '../adapters/integrator/index.ts';
import { createAccountSecrets, createKeyStore } from '../adapters/secrets/index.ts';
import {
  actionsPage,
  type ClonePorts,
  createCloneEngine,
  newCloneRecord,
  planOnly,
  reportOf,
} from '../core/clone/index.ts';
import type { Clock, Log } from '../core/ports.ts';
import { createAccountDirectory } from './account-directory.ts';
import { type Environment, type EnvironmentWith, readEnvironment, type Variables } from './environment.ts';
import { createLog } from './http/log.ts';
import type { AccountsPorts, ServicePorts } from './ports.ts';
import { createQueueStarter } from './queue-starter.ts';
import type { WorkerPorts } from './worker/loop.ts';
import type { QueueWorkerPorts } from './worker-queue/handler.ts';
import { createWorkerStarter } from './worker-starter.ts';

/**
 * The one place where environment variables become ports. Each function asks for no more than it uses, so that it
 * needs no variable and no right besides. Addresses and credentials of AWS are the SDK's own business.
 */

/** A service of AWS that does not answer must not take a function's whole time. In ms. */
const requestHandler = { connectionTimeout: 2_000, requestTimeout: 10_000 };

const DAY_SECONDS = 86_400;

/** Lambda's limit is 3,000; what is left of it pays for the hand-over and for what a step retries. */
const MAX_OPERATIONS = 1_000;

/** For `meta`: what every function has. */
export function composeMeta(variables: Variables): { clock: Clock; log: Log } {
  return basics(readEnvironment(variables));
}

/** For `accounts`: the accounts and the keys, no table. */
export function composeAccounts(variables: Variables): AccountsPorts {
  const environment = readEnvironment(variables);
  const { accounts, secrets, client } = accountsOf(environment);
  const keys = createKeyStore({ client, clock: systemClock });
  return { ...basics(environment), accounts, accountIndex: secrets, keys };
}

/** For `clone` and `clones`, and for a host that serves all HTTP functions in one process. */
export function composeService(variables: Variables): ServicePorts {
  const environment = readEnvironment(variables, [
    'FLOWFERRY_TABLE',
    variables['FLOWFERRY_WORKER_QUEUE_URL'] === undefined
      ? 'FLOWFERRY_WORKER_FUNCTION'
      : 'FLOWFERRY_WORKER_QUEUE_URL',
  ]);
  const { FLOWFERRY_WORKER_QUEUE_URL: queueUrl, FLOWFERRY_WORKER_FUNCTION: functionName = '' } = environment;
  const { ports, storage, secrets, client } = cloneParts(environment);
  return {
    ...ports,
    // Not the whole engine: what carries clones out is a third of the bundle, and the worker's alone.
    engine: { planOnly, newCloneRecord, reportOf, actionsPage },
    accountIndex: secrets,
    keys: createKeyStore({ client, clock: systemClock }),
    idempotency: createIdempotencyStore(storage),
    worker:
      queueUrl === undefined
        ? durableStarter(environment, functionName)
        : createQueueStarter({ client: new SQSClient({ requestHandler }), queueUrl }),
    settings: {
      syncWaitMs: environment.FLOWFERRY_SYNC_WAIT_MS,
      idempotencyTtlSeconds: environment.FLOWFERRY_IDEMPOTENCY_DAYS * DAY_SECONDS,
      stallAfterMs: environment.FLOWFERRY_STALL_SECONDS * 1000,
      callbacks: environment.FLOWFERRY_CALLBACKS,
      allowLoopbackHttp: environment.FLOWFERRY_ALLOW_LOOPBACK,
    },
    newCloneId: () => randomUUID(),
  };
}

/** For `worker`. Hand-overs go to the function itself, whose name Lambda tells where nobody else does. */
export function composeWorker(variables: Variables): WorkerPorts {
  const environment = readEnvironment(variables, [
    'FLOWFERRY_TABLE',
    variables['FLOWFERRY_WORKER_FUNCTION'] === undefined
      ? 'AWS_LAMBDA_FUNCTION_NAME'
      : 'FLOWFERRY_WORKER_FUNCTION',
  ]);
  const { FLOWFERRY_WORKER_FUNCTION: told, AWS_LAMBDA_FUNCTION_NAME: own = '' } = environment;
  return {
    ...cloneParts(environment).ports,
    engine: createCloneEngine(),
    worker: durableStarter(environment, told ?? own),
    stepMs: environment.FLOWFERRY_STEP_MS,
    maxOperations: MAX_OPERATIONS,
  };
}

/** For `worker-queue`. */
export function composeQueueWorker(variables: Variables): QueueWorkerPorts {
  const environment = readEnvironment(variables, ['FLOWFERRY_TABLE', 'FLOWFERRY_WORKER_QUEUE_URL']);
  const client = new SQSClient({ requestHandler });
  return {
    ...cloneParts(environment).ports,
    engine: createCloneEngine(),
    worker: createQueueStarter({ client, queueUrl: environment.FLOWFERRY_WORKER_QUEUE_URL }),
    stepMs: environment.FLOWFERRY_STEP_MS,
  };
}

function basics({ FLOWFERRY_LOG_LEVEL: level }: Environment): { clock: Clock; log: Log } {
  return { clock: systemClock, log: createLog({ service: 'flowferry', level }) };
}

function accountsOf(environment: Environment) {
  const client = new SecretsManagerClient({ requestHandler });
  const allowLoopbackHttp = environment.FLOWFERRY_ALLOW_LOOPBACK;
  const ttlMs = environment.FLOWFERRY_SECRET_TTL_SECONDS * 1000;
  const secrets = createAccountSecrets({ client, clock: systemClock, ttlMs, allowLoopbackHttp });
  const gates = new GateRegistry({ clock: systemClock });
  return {
    accounts: createAccountDirectory({ secrets, gates, clock: systemClock, allowLoopbackHttp }),
    secrets,
    client,
  };
}

function cloneParts(environment: EnvironmentWith<'FLOWFERRY_TABLE'>) {
  const { accounts, secrets, client } = accountsOf(environment);
  const storage = {
    client: new DynamoDBClient({ requestHandler }),
    tableName: environment.FLOWFERRY_TABLE,
    clock: systemClock,
  };
  const ports: ClonePorts = {
    ...basics(environment),
    accounts,
    ledger: createLedger(storage),
    clones: createCloneStore({ ...storage, cloneRetentionDays: environment.FLOWFERRY_CLONE_DAYS }),
    bindings: createBindingStore(storage),
  };
  return { ports, storage, secrets, client };
}

function durableStarter({ FLOWFERRY_WORKER_QUALIFIER: qualifier }: Environment, functionName: string) {
  return createWorkerStarter({ client: new LambdaClient({ requestHandler }), functionName, qualifier });
}
