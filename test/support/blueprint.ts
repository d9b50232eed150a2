import type { Document } from '../../core/model/resource.ts';
import type { SandboxAccount } from '../../sandbox/index.ts';

const id = (kind: string, number: number): string =>
  `5f00${kind}${String(number).padStart(24 - 4 - kind.length, '0')}`;

/** Ids of the blueprint below. */
export const IDS = {
  integration: id('a', 1),
  group: id('a', 9),
  connection: id('c', 1),
  flows: [id('f', 1), id('f', 2), id('f', 3), id('f', 4)] as const,
  exports: [id('e', 1), id('e', 2), id('e', 3), id('e', 4), id('e', 5)] as const,
  imports: [id('b', 1), id('b', 2), id('b', 3)] as const,
  scripts: [id('5', 1), id('5', 2)] as const,
  asynchelper: id('d', 1),
  lookupcache: id('9', 1),
  targetConnection: id('c', 77),
  targetStandalone: id('a', 77),
};

const http = { method: 'GET', relativeURI: '/orders', formType: 'http' };

function lookup(_id: string, name: string, more: object = {}): Document {
  return {
    _id,
    name,
    _connectionId: IDS.connection,
    adaptorType: 'HTTPExport',
    isLookup: true,
    http,
    ...more,
  } as Document;
}

function step(_id: string, name: string, more: object = {}): Document {
  return {
    _id,
    name,
    _connectionId: IDS.connection,
    adaptorType: 'HTTPImport',
    http: { method: ['POST'], relativeURI: ['/orders'], body: [], formType: 'http' },
    ...more,
  } as Document;
}

const mapping = { fields: [{ extract: 'data', generate: 'number' }], lists: [] };

/**
 * Twenty resources of one integration, with everything that makes copying hard: flows of all three shapes that name
 * each other in a circle, shared steps, an async helper in a circle with its export, a script that names an export
 * in its text, a flow group, aliases, schedules.
 */
export function blueprintDocuments(): Record<string, Document[]> {
  const [legacy, linear, branching, listener] = IDS.flows;
  const [orders, items, status, submit, hook] = IDS.exports;
  const [post, archive, feed] = IDS.imports;
  const [merge, choose] = IDS.scripts;
  return {
    integrations: [
      {
        _id: IDS.integration,
        name: 'Orders',
        description: 'Orders from shop to warehouse',
        flowGroupings: [{ _id: IDS.group, name: 'Nightly' }],
        aliases: [{ alias: 'ordersFlow', _flowId: linear }],
        _registeredConnectionIds: [IDS.connection],
      },
      { _id: id('a', 50), name: 'Standalone flows' },
    ],
    connections: [
      {
        _id: IDS.connection,
        name: 'Shop',
        type: 'http',
        http: { baseURI: 'https://shop.example', auth: { type: 'basic' } },
      },
    ],
    scripts: [
      {
        _id: merge,
        name: 'Merge orders',
        content: `function merge(o) {\n  return fetch('/v1/exports/${orders}/invoke');\n}`,
      },
      { _id: choose, name: 'Choose branch', content: 'function choose() { return [0]; }' },
    ],
    lookupcaches: [{ _id: IDS.lookupcache, name: 'Countries' }],
    exports: [
      lookup(orders, 'Get orders', {
        isLookup: false,
        type: 'delta',
        delta: { dateField: 'lastModified' },
        hooks: { preSavePage: { _scriptId: merge, function: 'merge' } },
      }),
      lookup(items, 'Get items'),
      lookup(status, 'Feed status'),
      lookup(submit, 'Submit feed', { http: { ...http, _asyncHelperId: IDS.asynchelper } }),
      {
        _id: hook,
        name: 'Receive orders',
        type: 'webhook',
        adaptorType: 'WebhookExport',
        webhook: { provider: 'custom', verify: 'secret_url' },
      } as Document,
    ],
    imports: [
      step(post, 'Post orders', {
        mapping: { fields: [{ extract: 'id', generate: 'id', lookupName: 'country' }], lists: [] },
        lookups: [{ name: 'country', _lookupCacheId: IDS.lookupcache, allowFailures: true }],
      }),
      step(archive, 'Archive orders'),
      step(feed, 'Feed orders', {
        http: { method: ['POST'], relativeURI: ['/feeds'], body: [], _asyncHelperId: IDS.asynchelper },
      }),
    ],
    asynchelpers: [
      {
        _id: IDS.asynchelper,
        name: 'Feeds',
        http: {
          submit: { sameAsStatus: true },
          status: {
            _exportId: status,
            statusPath: 'state',
            doneValues: ['DONE'],
            inProgressValues: ['RUN'],
            errorValues: ['BAD'],
          },
          result: { _exportId: submit },
        },
      },
    ],
    flows: [
      {
        _id: legacy,
        name: 'Legacy orders',
        disabled: false,
        _integrationId: IDS.integration,
        _exportId: orders,
        _importId: post,
      } as Document,
      {
        _id: linear,
        name: 'Orders by night',
        disabled: false,
        schedule: '? 5 0,12 ? * *',
        timezone: 'Europe/Berlin',
        _integrationId: IDS.integration,
        _flowGroupingId: IDS.group,
        pageGenerators: [{ _exportId: orders, skipRetries: false }],
        pageProcessors: [
          { type: 'export', _exportId: items, responseMapping: mapping },
          { type: 'import', _importId: post, responseMapping: { fields: [], lists: [] } },
          { type: 'import', _importId: feed, responseMapping: { fields: [], lists: [] } },
        ],
        _runNextFlowIds: [branching],
      } as Document,
      {
        _id: branching,
        name: 'Orders by branch',
        disabled: true,
        _integrationId: IDS.integration,
        pageGenerators: [{ _exportId: orders, schedule: '? 10 1 ? * *' }],
        routers: [
          {
            id: 'r1Aq9xK2bZ7',
            name: 'Region',
            routeRecordsTo: 'first_matching_branch',
            routeRecordsUsing: 'script',
            script: { _scriptId: choose, function: 'choose' },
            branches: [
              {
                name: 'EU',
                branchId: 'b1',
                pageProcessors: [
                  {
                    type: 'import',
                    _importId: archive,
                    responseMapping: { fields: [], lists: [] },
                    hooks: { postResponseMap: { _scriptId: choose, function: 'choose' } },
                  },
                ],
              },
              { name: 'drop', branchId: 'b2', pageProcessors: [] },
            ],
          },
        ],
        _runNextFlowIds: [linear],
      } as Document,
      {
        _id: listener,
        name: 'Orders by webhook',
        disabled: false,
        _integrationId: IDS.integration,
        pageGenerators: [{ _exportId: hook }],
        pageProcessors: [{ type: 'import', _importId: post, responseMapping: { fields: [], lists: [] } }],
      } as Document,
    ],
  };
}

/** A target with nothing but the connection to map to and its integration for flows that belong to none. */
export function emptyTarget(): Record<string, Document[]> {
  return {
    connections: [
      {
        _id: IDS.targetConnection,
        name: 'Shop',
        type: 'http',
        http: { baseURI: 'https://shop.example', auth: { type: 'basic' } },
      },
    ],
    integrations: [{ _id: IDS.targetStandalone, name: 'Standalone flows' }],
  };
}

/** The accounts of most tests of clones: the whole blueprint, and an empty target to clone it into. */
export function blueprintAndTarget(
  documents: Record<string, Document[]> = blueprintDocuments(),
): SandboxAccount[] {
  return [
    { name: 'blueprint', token: 'blueprint-token', userId: '5f0000000000000000000b01', documents },
    { name: 'acme', token: 'acme-token', userId: '5f0000000000000000000b02', documents: emptyTarget() },
  ];
}

/** The request that clones the whole blueprint. */
export const BLUEPRINT_REQUEST = {
  source: { account: 'blueprint', flowIds: [...IDS.flows] },
  target: { account: 'acme' },
  connectionMap: { [IDS.connection]: IDS.targetConnection },
};
