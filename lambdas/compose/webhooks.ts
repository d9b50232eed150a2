import { createRecordStore } from '../../adapters/dynamodb/record-store.ts';
import { newCloneRecord } from '../../core/clone/record.ts';
import type { Variables } from '../environment.ts';
import type { WebhooksPorts } from '../webhooks/ports.ts';
import { basics } from './basics.ts';
import { hooksOf } from './hooks.ts';
import { hookLimiterOf } from './limiters.ts';
import { secretsClient } from './secrets.ts';
import { settingsOf } from './settings.ts';
import { readStarterEnvironment, starterOf } from './starter.ts';
import { clonesIn, storageOf } from './storage.ts';

/** For `webhooks`: hooks, table and starter; no account is opened, and no plan is made. */
export function composeWebhooks(variables: Variables): WebhooksPorts {
  const environment = readStarterEnvironment(variables);
  const storage = storageOf(environment);
  const records = createRecordStore(storage);
  return {
    ...basics(environment),
    clones: clonesIn(storage, environment),
    records,
    engine: { newCloneRecord },
    hooks: hooksOf(environment, secretsClient()),
    hookLimiter: hookLimiterOf(environment, records),
    worker: starterOf(environment),
    settings: settingsOf(environment),
  };
}
