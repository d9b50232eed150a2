import type { ResourceType } from '../../model/resource.ts';

/**
 * On which occasion a member is taken out: before a POST, before a PUT, before two documents are compared, before
 * they are merged.
 */
export type Occasion = 'create' | 'update' | 'compare' | 'merge';

/** One member that does not travel. */
export interface StripRule {
  in: ResourceType | '*';
  /** As in the reference table. */
  path: string;
  on: readonly Occasion[];
  /** Only a string is taken out; an object of the same name is configuration. */
  stringsOnly?: boolean;
  reason: string;
}

const ALWAYS: readonly Occasion[] = ['create', 'update', 'compare', 'merge'];
const COMPARED: readonly Occasion[] = ['compare', 'merge'];

function rules(
  type: ResourceType | '*',
  reason: string,
  paths: readonly string[],
  on: readonly Occasion[] = ALWAYS,
): StripRule[] {
  return paths.map((path) => ({ in: type, path, on, reason }));
}

/** Names under which connections keep secrets; the server masks them, and a stub is made without them. */
const SECRETS = [
  'accessToken',
  'apiKey',
  'authKey',
  'bearerToken',
  'clientSecret',
  'consumerSecret',
  'decryptionKey',
  'encryptionKey',
  'passphrase',
  'password',
  'pgpDecryptKey',
  'pgpPassphrase',
  'privateKey',
  'refreshToken',
  'secretAccessKey',
  'sessionToken',
  'signingKey',
  'systemToken',
  'token',
  'tokenId',
  'tokenSecret',
];

/** Members of an export's `webhook` that verify its senders; the server masks them. */
export const WEBHOOK_SECRETS = ['key', 'password'] as const;

/** Everything that is taken out of documents, sample data and masked values aside. */
export const STRIPS: readonly StripRule[] = [
  ...rules('*', 'written by the server', ['_id', '_userId', 'createdAt', 'lastModified', '__*', 'apim']),
  ...rules('*', 'where it came from', ['_sourceId', '_templateId', '_connectorId']),
  ...rules('*', 'a draft belongs to who is writing it', ['draft', 'draftExpiresAt']),
  ...rules('*', 'ends by itself', ['debugUntil', 'debugDate', 'logging']),
  ...rules('*', 'the token decides the environment', ['sandbox']),
  ...rules('flow', 'written by the server', [
    'free',
    'lastExecutedAt',
    'resolvedAt',
    'numInstances',
    'overrides.__*',
    'pageGenerators[]._id',
    'pageProcessors[]._id',
    'routers[].branches[].pageProcessors[]._id',
  ]),
  ...rules('flow', "the target's own: only waking and putting to sleep change it", ['disabled'], COMPARED),
  ...rules('*', 'written by a machine that describes the resource', ['aiDescription'], COMPARED),
  ...rules('flow', 'how far somebody got in the editor', ['wizardState'], COMPARED),
  ...rules('export', 'written by the server', ['apiIdentifier', 'asynchronous', 'numInstances']),
  ...rules('import', 'written by the server', ['apiIdentifier', 'asynchronous', 'numInstances']),
  ...rules(
    'export',
    'written by the server from the connector',
    ['http._httpConnectorResourceId', 'http._httpConnectorVersionId', 'http._httpConnectorEndpointId'],
    COMPARED,
  ),
  ...rules(
    'import',
    'written by the server from the connector',
    ['http._httpConnectorResourceId', 'http._httpConnectorVersionId'],
    COMPARED,
  ),
  ...(['export', 'import'] as const).flatMap((type) =>
    rules(type, 'the server drops it', ['wrapper._stackId'], COMPARED),
  ),
  ...(['flow', 'tool'] as const).flatMap((type) =>
    rules(
      type,
      'made by the server where it is missing; a merge tells branches apart by it',
      ['routers[].branches[].branchId'],
      ['compare'],
    ),
  ),
  ...rules(
    'export',
    'a secret of its own senders',
    WEBHOOK_SECRETS.map((name) => `webhook.${name}`),
  ),
  ...rules('export', "part of the webhook's own address", ['webhook.token'], ['create', ...COMPARED]),
  ...rules('*', 'a secret that is written and never shown', ['**.distributed.bearerToken']),
  ...rules('integration', 'read-only', ['_registeredConnectionIds', '_registeredLookupCacheIds']),
  ...rules('integration', 'how it was installed', ['install*', 'mode', '_parentId']),
  ...rules(
    'integration',
    'made by the server; groups are told apart by name',
    ['flowGroupings[]._id', 'apiGroupings[]._id'],
    ['create', ...COMPARED],
  ),
  ...rules('lookupcache', 'how full it is', ['size', 'sizeInMB']),
  ...rules('agent', 'whether it runs', ['online', 'lastHeartbeatAt']),
  ...rules('connection', 'how it does at the moment', [
    'offline',
    'queues',
    'queueSize',
    'netsuite.suiteAppInstalled',
    'salesforce.info',
    'salesforce.packageInstalled',
  ]),
  ...rules('connection', 'only within an integration app', ['_integrationId']),
  ...rules('connection', 'secret', ['**.encrypted', '**.ssl']),
  ...SECRETS.map(
    (name): StripRule => ({
      in: 'connection',
      path: `**.${name}`,
      on: ALWAYS,
      stringsOnly: true,
      reason: 'secret',
    }),
  ),
];
