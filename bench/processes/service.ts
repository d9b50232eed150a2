import { createHash } from 'node:crypto';
import { composeService, composeWorker } from '../../lambdas/compose.ts';
import { httpHandlers } from '../../lambdas/handlers.ts';
import { workerHandler } from '../../lambdas/worker/handler.ts';
import { pointAwsAt } from '../../local/aws-environment.ts';
import { createGateway } from '../../local/gateway.ts';
import { startLambda } from '../../local/standins/lambda.ts';
import { startSecretsManager } from '../../local/standins/secrets-manager.ts';
import { KEY, TENANTS, tokenOf } from '../key.ts';
import { answerParent } from './messages.ts';
import { usageNow } from './usage.ts';

/** Where the service finds what it stands on. */
export interface ServiceStart {
  sandboxUrl: string;
  tableUrl: string;
}

/** The deployed functions behind a gateway, as they are deployed; the table and integrator.io are elsewhere. */
async function start({ sandboxUrl, tableUrl }: ServiceStart): Promise<string> {
  const account = (token: string) => JSON.stringify({ token, region: 'us', baseUrl: sandboxUrl });
  const sha256 = createHash('sha256').update(KEY).digest('hex');
  const secrets = await startSecretsManager({
    secrets: {
      'flowferry/accounts/blueprint': account('source-token'),
      ...Object.fromEntries(
        TENANTS.map((tenant) => [`flowferry/accounts/${tenant}`, account(tokenOf(tenant))]),
      ),
      'flowferry/api-keys': JSON.stringify({ keys: [{ id: 'bench', sha256, accounts: ['*'] }] }),
    },
  });
  const lambda = await startLambda({ onTrouble: (name, error) => console.error(name, error) });
  pointAwsAt({ SECRETS_MANAGER: secrets.endpoint, DYNAMODB: tableUrl, LAMBDA: lambda.endpoint }, process.env);
  const variables = {
    FLOWFERRY_TABLE: 'flowferry',
    FLOWFERRY_WORKER_FUNCTION: 'worker',
    FLOWFERRY_ALLOW_LOOPBACK: 'true',
    FLOWFERRY_SYNC_WAIT_MS: '20000',
    FLOWFERRY_LOG_LEVEL: 'ERROR',
  };
  const service = composeService(variables);
  const worker = { ...composeWorker(variables), accounts: service.accounts };
  lambda.register('worker', { kind: 'durable', handler: workerHandler(worker) });
  return (await createGateway({ handlers: httpHandlers(service) }).listen(0)).url;
}

answerParent({ start, usage: usageNow });
