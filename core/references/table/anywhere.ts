import { type ReferenceKind, type ReferenceRow, type ReferenceTarget, type RowExtras, row } from '../row.ts';

/** Field names whose values are references wherever they stand: settings forms hold whole exports, for one. */
const BY_NAME: readonly [string, ReferenceTarget, ReferenceKind, RowExtras?][] = [
  ['_connectionId', 'connection', 'mapped'],
  ['_borrowConcurrencyFromConnectionId', 'connection', 'mapped'],
  ['_mcpConnectionId', 'connection', 'mapped'],
  ['_exportId', 'export', 'needs'],
  ['_postParseListenerId', 'export', 'needs'],
  ['_importId', 'import', 'needs'],
  ['_scriptId', 'script', 'needs'],
  ['_stackId', 'stack', 'mapped'],
  ['_iClientId', 'iclient', 'mapped'],
  ['_agentId', 'agent', 'mapped'],
  ['_agentGroupId', 'agentgroup', 'mapped'],
  ['_topicId', 'topic', 'mapped'],
  ['_integrationId', 'integration', 'needs', { deferrable: false, note: 'the integration that holds it' }],
  ['_flowId', 'flow', 'linked'],
  ['_abstractFlowId', 'flow', 'needs', { deferrable: false }],
  ['_toolId', 'tool', 'needs'],
  ['_apiId', 'api', 'needs'],
  ['_fileDefinitionId', 'filedefinition', 'needs'],
  ['_asyncHelperId', 'asynchelper', 'needs'],
  ['_lookupCacheId', 'lookupcache', 'needs'],
  ['_ediProfileId', 'ediprofile', 'needs'],
  ['_mcpOAuthProviderId', 'mcpoauthprovider', 'mapped'],
  ['_storageItemId', 'storage', 'mapped'],
  ['_storageFileId', 'storage', 'mapped'],
  ['_flowGroupingId', 'flowgrouping', 'inside'],
  ['_keepDeltaBehindFlowId', 'flow', 'linked'],
  ['_keepDeltaBehindExportId', 'export', 'linked'],
  ['_runNextFlowIds[]', 'flow', 'linked', { omit: 'element' }],
  ['_registeredConnectionIds[]', 'connection', 'alias', { omit: 'element' }],
  ['_registeredLookupCacheIds[]', 'lookupcache', 'alias', { omit: 'element' }],
];

/** Ids that are the same in every account, or mean nothing in any. */
const NEVER: readonly [string, ReferenceTarget, string][] = [
  ['_id', 'own', "the document's own id"],
  ['externalId', 'local', "the caller's own name for it"],
  ['apiIdentifier', 'local', 'made by the server; not copied'],
  ['**._httpConnector*', 'catalogue', "integrator.io's own connectors; also in lists"],
  ['**._tpConnectorId', 'catalogue', 'trading partner connectors'],
  ['**._templateId', 'provenance', 'not copied'],
  ['**._sourceId', 'provenance', 'not copied'],
  ['**._connectorId', 'provenance', 'the integration app that owns it; such resources are not cloned'],
  ['**._userId', 'provenance', 'the account; not copied'],
  ['**.nextRouterId', 'local', 'a router of the same document'],
  ['**.branchId', 'local', 'a branch of the same document'],
  ['**.restlet.searchId', 'foreign', 'a saved search of NetSuite'],
  ['**.savedSearchId', 'foreign', 'a saved search of NetSuite'],
  ['**.folderInternalId', 'foreign', 'a folder of NetSuite'],
  ['**.fileInternalId', 'foreign', 'a SuiteScript file of NetSuite'],
  ['netsuite*.**.internalId', 'foreign', 'a record of NetSuite'],
  ['salesforce.id', 'foreign', 'a record of Salesforce'],
];

/**
 * What no row of a type describes is a part that the resource does without for a while, such as a settings form;
 * so circles through it can be cut there.
 */
const LATE: ReadonlySet<ReferenceKind> = new Set(['needs', 'linked', 'alias']);

/** Rows that hold in every type. */
export const ANYWHERE: readonly ReferenceRow[] = [
  ...NEVER.map(([path, to, note]) => row('*', path, to, 'never', { note })),
  ...BY_NAME.map(([name, to, kind, extras]) =>
    row('*', `**.${name}`, to, kind, { ...(LATE.has(kind) ? { deferrable: true } : {}), ...extras }),
  ),
];

/** Subtrees that may hold customers' records: neither walked nor, unless asked for, copied. */
export const SAMPLE_FIELDS: readonly string[] = [
  'sampleData',
  'sampleResponseData',
  'mockOutput',
  'mockResponse',
];

/** Members that map names to descriptions: what stands below is keyed by any name, also by that of a reference. */
export const NAME_MAPS: ReadonlySet<string> = new Set(['fieldMap', 'properties', 'patternProperties']);
