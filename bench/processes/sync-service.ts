import { createHash } from 'node:crypto';
import { composeService, composeWorker } from '../../lambdas/compose.ts';
import { httpHandlers } from '../../lambdas/handlers.ts';
import { workerHandler } from '../../lambdas/worker/handler.ts';
import { pointAwsAt } from '../../local/aws-environment.ts';
import { createGateway } from '../../local/gateway.ts';
import { startLambda } from '../../local/standins/lambda.ts';
import { startSecretsManager } from '../../local/standins/secrets-manager.ts';
import { KEY } from '../key.ts';
import { answerParent } from './messages.ts';
import { usageNow } from './usage.ts';

/** Where the service finds what it stands on, and the accounts it may use. */
export interface SyncServiceStart {
  sandboxUrl: string;
  tableUrl: string;
  accounts: string[];
}

/** The deployed functions behind a gateway: here all of them, and every worker, share one process. */
async function start({ sandboxUrl, tableUrl, accounts }: SyncServiceStart): Promise<string> {
  const sha256 = createHash('sha256').update(KEY).digest('hex');
  const tokens = accounts.map((account) => [
    `flowferry/accounts/${account}`,
    JSON.stringify({ token: `token-of-${account}`, region: 'us', baseUrl: sandboxUrl }),
  ]);
  const secrets = await startSecretsManager({
    secrets: {
      ...Object.fromEntries(tokens),
      'flowferry/api-keys': JSON.stringify({ keys: [{ id: 'bench', sha256, accounts: ['*'], admin: true }] }),
    },
  });
  const lambda = await startLambda({ onTrouble: (name, error) => console.error(name, error) });
  pointAwsAt({ SECRETS_MANAGER: secrets.endpoint, DYNAMODB: tableUrl, LAMBDA: lambda.endpoint }, process.env);
  const variables = {
    FLOWFERRY_TABLE: 'flowferry',
    FLOWFERRY_WORKER_FUNCTION: 'worker',
    FLOWFERRY_ALLOW_LOOPBACK: 'true',
    FLOWFERRY_SYNC_WAIT_MS: '28000',
    FLOWFERRY_KEY_RATE: '0',
    FLOWFERRY_LOG_LEVEL: 'ERROR',
  };
  const service = composeService(variables);
  const worker = composeWorker(variables, { accounts: service.accounts });
  lambda.register('worker', { kind: 'durable', handler: workerHandler(worker) });
  return (await createGateway({ handlers: httpHandlers(service) }).listen(0)).url;
}

answerParent({ start, usage: usageNow });
