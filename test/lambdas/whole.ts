import { createHash } from 'node:crypto';
import { composeService, composeWorker } from '../../lambdas/compose.ts';
import { httpHandlers } from '../../lambdas/handlers.ts';
import { workerHandler } from '../../lambdas/worker/handler.ts';
import { createGateway } from '../../local/gateway.ts';
import { startDynamodb } from '../../local/standins/dynamodb.ts';
import { startLambda } from '../../local/standins/lambda.ts';
import { startSecretsManager } from '../../local/standins/secrets-manager.ts';
import { type Sandbox, startSandbox } from '../../sandbox/index.ts';
import type { Answer, Body } from './support.ts';

export const KEY = 'a-key-that-may-do-everything';

export interface Whole {
  sandbox: Sandbox;
  call(path: string, init?: RequestInit): Promise<Answer & { text: string }>;
  clone(body: object, headers?: Record<string, string>): Promise<Answer & { text: string }>;
  /** Every line that was logged so far. */
  logged(): string;
  close(): Promise<void>;
}

/** The service as it is deployed, from the gateway to the table, over the stand-ins of AWS and integrator.io. */
export async function startWhole(): Promise<Whole> {
  const sandbox = await startSandbox();
  const tokens = new Map(sandbox.accounts().map(({ name, token }) => [name, token]));
  const account = (token: string | undefined) =>
    JSON.stringify({ token, region: 'us', baseUrl: sandbox.url });
  const digest = createHash('sha256').update(KEY).digest('hex');
  const [database, secrets, lambda] = await Promise.all([
    startDynamodb({ tableName: 'flowferry' }),
    startSecretsManager({
      secrets: {
        'flowferry/api-keys': JSON.stringify({ keys: [{ id: 'all', sha256: digest, accounts: ['*'] }] }),
        'flowferry/accounts/blueprint': account(tokens.get('blueprint')),
        'flowferry/accounts/acme': account(tokens.get('acme')),
        'flowferry/accounts/expired': account('a-token-that-expired'),
      },
    }),
    startLambda(),
  ]);
  const before = { ...process.env };
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
    AWS_ENDPOINT_URL_LAMBDA: lambda.endpoint,
    FLOWFERRY_TABLE: 'flowferry',
    FLOWFERRY_WORKER_FUNCTION: 'worker',
    FLOWFERRY_ALLOW_LOOPBACK: 'true',
  });
  const output = [process.stdout, process.stderr].map(keepOutput);
  const service = composeService(process.env);
  for (const name of ['blueprint', 'acme', 'expired']) await service.accountIndex.put(name, 'us');
  lambda.register('worker', { kind: 'durable', handler: workerHandler(composeWorker(process.env)) });
  const gateway = createGateway({ handlers: httpHandlers(service) });
  const { url } = await gateway.listen(0);

  const call = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${url}${path}`, {
      ...init,
      headers: { 'x-api-key': KEY, ...(init.headers as Record<string, string>) },
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: JSON.parse(text) as Body, text };
  };
  return {
    sandbox,
    call,
    clone: (body, headers = {}) =>
      call('/clone', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
    logged: () => output.map(({ written }) => written.join('')).join(''),
    close: async () => {
      await gateway.close();
      await lambda.close();
      await Promise.all([database.close(), secrets.close(), sandbox.close()]);
      for (const { restore } of output) restore();
      process.env = before;
    },
  };
}

/** Takes what is written to a stream instead of showing it. */
function keepOutput(stream: NodeJS.WriteStream): { written: string[]; restore(): void } {
  const written: string[] = [];
  const write = stream.write;
  stream.write = (chunk: string | Uint8Array) => {
    written.push(String(chunk));
    return true;
  };
  return {
    written,
    restore: () => {
      stream.write = write;
    },
  };
}
