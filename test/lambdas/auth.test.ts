import { createHash } from 'node:crypto';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { keysOf } from '../../lambdas/compose/secrets.ts';
import { readEnvironment } from '../../lambdas/environment.ts';
import { httpHandlers } from '../../lambdas/handlers.ts';
import type { HttpHandler } from '../../lambdas/http/service.ts';
import { createGateway, type Gateway } from '../../local/gateway.ts';
import { startSecretsManager } from '../../local/standins/secrets-manager.ts';
import { localClientConfig, type Standin } from '../../local/standins/server.ts';
import { type Service, startService } from './support.ts';

const ROLE = 'arn:aws:sts::123456789012:assumed-role/provisioning';
const USER = 'arn:aws:iam::123456789012:user/ops';
const CALLERS = {
  keys: [
    { id: 'backend', accounts: ['acme'] },
    { id: USER, accounts: ['*'], admin: true },
    { id: ROLE, accounts: ['*'] },
    { id: 'with-key', sha256: createHash('sha256').update('a-key').digest('hex'), accounts: ['*'] },
  ],
};

const jwt = (claims: Record<string, unknown>) => ({ jwt: { claims, scopes: null } });
const iam = (userArn: unknown) => ({ iam: { userArn, accountId: '123456789012' } });

describe("API Gateway's authorizers in the key's place", () => {
  let service: Service;
  let secrets: Standin;
  let client: SecretsManagerClient;
  const gateways: Gateway[] = [];

  beforeAll(async () => {
    service = await startService();
    secrets = await startSecretsManager({ secrets: { 'flowferry/api-keys': JSON.stringify(CALLERS) } });
    client = new SecretsManagerClient(localClientConfig(secrets.endpoint));
  });
  afterAll(async () => {
    for (const gateway of gateways) await gateway.close();
    await service.close();
    client.destroy();
    await secrets.close();
  });

  /** Asks a service that is deployed like this, behind an authorizer that found this. */
  async function ask(
    variables: Record<string, string>,
    authorizer: unknown,
    { method = 'GET', path = '/clones?target=acme', headers = {} as Record<string, string> } = {},
  ): Promise<Response> {
    const keys = keysOf(client, readEnvironment(variables));
    const handlers = httpHandlers({ ...service.ports, keys });
    const found = authorizer === undefined ? {} : { authorizer };
    const behind =
      (handler: HttpHandler): HttpHandler =>
      (event, context) => {
        const requestContext = { ...event.requestContext, ...found };
        return handler({ ...event, requestContext } as APIGatewayProxyEventV2, context);
      };
    const all = Object.entries(handlers).map(([name, handler]) => [name, behind(handler)]);
    const gateway = createGateway({ handlers: Object.fromEntries(all) as typeof handlers });
    gateways.push(gateway);
    const { url } = await gateway.listen(0);
    return fetch(`${url}${path}`, { method, headers });
  }

  test.each([
    ['the subject of a token', { FLOWFERRY_AUTH: 'jwt' }, jwt({ sub: 'backend' })],
    [
      'another claim',
      { FLOWFERRY_AUTH: 'jwt', FLOWFERRY_JWT_CLAIM: 'client_id' },
      jwt({ client_id: 'backend' }),
    ],
    ['the ARN of a user', { FLOWFERRY_AUTH: 'iam' }, iam(USER)],
    ['any session of a role', { FLOWFERRY_AUTH: 'iam' }, iam(`${ROLE}/session-7`)],
  ])('lets in a caller known by %s', async (_what, variables, authorizer) => {
    expect((await ask(variables, authorizer)).status).toBe(200);
  });

  test.each([
    ['nobody was found', { FLOWFERRY_AUTH: 'jwt' }, undefined],
    ['the subject is unknown', { FLOWFERRY_AUTH: 'jwt' }, jwt({ sub: 'stranger' })],
    ['the claim is missing', { FLOWFERRY_AUTH: 'jwt', FLOWFERRY_JWT_CLAIM: 'azp' }, jwt({ sub: 'backend' })],
    ['the claim is no text', { FLOWFERRY_AUTH: 'jwt' }, jwt({ sub: ['backend'] })],
    ['the name is one of every object', { FLOWFERRY_AUTH: 'jwt' }, jwt({ sub: 'constructor' })],
    ['the entry asks for a key', { FLOWFERRY_AUTH: 'jwt' }, jwt({ sub: 'with-key' })],
    ['the role only begins alike', { FLOWFERRY_AUTH: 'iam' }, iam(`${ROLE}-other/session`)],
    ['a token stands where a signature must', { FLOWFERRY_AUTH: 'iam' }, jwt({ sub: 'backend' })],
  ])('answers 401 where %s', async (_what, variables, authorizer) => {
    // Act
    const response = await ask(variables, authorizer);

    // Assess
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ code: 'unauthorized' });
  });

  test('a key means nothing where an authorizer stands', async () => {
    const headers = { 'x-api-key': 'a-key' };
    expect((await ask({ FLOWFERRY_AUTH: 'jwt' }, undefined, { headers })).status).toBe(401);
  });

  test('an authorizer means nothing where keys are asked for', async () => {
    expect((await ask({}, jwt({ sub: 'backend' }))).status).toBe(401);
    expect((await ask({}, undefined, { headers: { 'x-api-key': 'a-key' } })).status).toBe(200);
  });

  test("an identity's accounts and rights hold as a key's do", async () => {
    // Prepare
    const backend = jwt({ sub: 'backend' });

    // Act
    const foreign = await ask({ FLOWFERRY_AUTH: 'jwt' }, backend, { path: '/clones?target=blueprint' });
    const admin = await ask({ FLOWFERRY_AUTH: 'jwt' }, backend, { method: 'DELETE', path: '/accounts/acme' });

    // Assess
    expect([foreign.status, ((await foreign.json()) as { code: string }).code]).toEqual([
      403,
      'account_forbidden',
    ]);
    expect([admin.status, ((await admin.json()) as { code: string }).code]).toEqual([403, 'admin_required']);
  });

  test('health and the OpenAPI document stay open', async () => {
    for (const path of ['/health', '/openapi.json']) {
      expect((await ask({ FLOWFERRY_AUTH: 'iam' }, undefined, { path })).status).toBe(200);
    }
  });
});
