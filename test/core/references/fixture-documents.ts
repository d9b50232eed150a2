import type { Document, JsonObject } from '../../../core/model/resource.ts';
import { idOf } from './ids.ts';

/** Names of the fixture's documents within their collections; the number is that of the id. */
export const FLOWS = { linear: 1, branching: 2, legacy: 3, abstract: 4, instance: 5 };
export const EXPORTS = {
  orders: 1,
  status: 2,
  listener: 3,
  loader: 4,
  topic: 5,
  folder: 6,
  drive: 7,
  wrapper: 8,
  edi: 9,
};
export const IMPORTS = {
  orders: 1,
  tool: 2,
  agent: 3,
  guardrail: 4,
  topic: 5,
  folder: 6,
  drive: 7,
  wrapper: 8,
  edi: 9,
};
export const TRANSPORTS = ['http', 'rest', 'mcp', 'netsuite', 'salesforce', 'rdbms', 's3'];
export const CONNECTIONS = {
  wrapper: 8,
  filesystem: 9,
  group: 10,
  as2: 11,
  van: 12,
  borrower: 13,
  router: 14,
};

/** Two routers of one flow; their names look like ids. */
export const ROUTERS = [idOf('lookalike', 1), idOf('lookalike', 2)] as const;

type Fields = Omit<JsonObject, '_id'>;

const flow = (name: keyof typeof FLOWS, rest: Fields): Document => ({
  _id: idOf('flow', FLOWS[name]),
  name: `The ${name} flow`,
  disabled: true,
  timezone: 'Europe/Berlin',
  ...rest,
});
const exporting = (name: keyof typeof EXPORTS, adaptorType: string, rest: Fields = {}): Document => ({
  _id: idOf('export', EXPORTS[name]),
  name: `Read by ${name}`,
  adaptorType,
  apiIdentifier: `e0000000${EXPORTS[name]}`,
  asynchronous: true,
  ...rest,
});
const importing = (name: keyof typeof IMPORTS, adaptorType: string, rest: Fields = {}): Document => ({
  _id: idOf('import', IMPORTS[name]),
  name: `Write by ${name}`,
  adaptorType,
  apiIdentifier: `i0000000${IMPORTS[name]}`,
  ...rest,
});
const connection = (number: number, type: string): Document => ({
  _id: idOf('connection', number),
  name: `The ${type} connection ${number}`,
  type,
  offline: true,
});

const step = (type: 'export' | 'import'): JsonObject => ({
  type,
  responseMapping: { fields: [], lists: [] },
});
const connected = { _connectionId: idOf('connection') };

const SCRIPT = `import { exports } from 'integrator-api';

export function preSavePage(options) {
  const uri = '/v1/exports/${idOf('export', EXPORTS.orders)}';
  return exports.run({ _id: options._exportId, _importId: '${idOf('import', IMPORTS.orders)}', uri });
}
`;

/** The fixture's documents before the rows of the table are filled in: valid, and reaching one another. */
export function bareDocuments(): Record<string, Document[]> {
  const allExports = Object.values(EXPORTS);
  const allImports = Object.values(IMPORTS);
  return {
    integrations: [
      {
        _id: idOf('integration', 1),
        name: 'Orders',
        flowGroupings: [{ name: 'Nightly' }],
        apiGroupings: [{ name: 'Public' }],
      },
      { _id: idOf('integration', 2), name: 'The parent' },
    ],
    flows: [
      flow('linear', {
        schedule: '? 5 0,12 ? * *',
        pageGenerators: allExports.map((number) => ({
          _exportId: idOf('export', number),
          skipRetries: false,
        })),
        pageProcessors: [
          step('export'),
          ...allImports.map((number) => ({ ...step('import'), _importId: idOf('import', number) })),
        ],
      }),
      flow('branching', {
        _integrationId: idOf('integration'),
        pageGenerators: [{ _exportId: idOf('export'), schedule: '? 0 1 ? * *' }],
        routers: [
          {
            routeRecordsTo: 'first_matching_branch',
            routeRecordsUsing: 'script',
            branches: [{ name: 'all', pageProcessors: [step('export'), step('import')] }],
          },
          { id: ROUTERS[1], branches: [{ name: 'rest', pageProcessors: [] }] },
        ],
      }),
      flow('legacy', { _integrationId: idOf('integration') }),
      flow('abstract', {
        _integrationId: idOf('integration'),
        isAbstract: true,
        pageGenerators: [{ _exportId: idOf('export') }],
        routers: [
          {
            id: ROUTERS[0],
            branches: [
              {
                name: 'all',
                branchId: idOf('lookalike', 3),
                pageProcessors: [{ ...step('import'), _importId: idOf('import') }],
              },
            ],
          },
        ],
      }),
      flow('instance', { _integrationId: idOf('integration') }),
    ],
    exports: [
      exporting('orders', 'HTTPExport', {
        http: { method: 'GET', relativeURI: `/v1/flows/${idOf('flow', FLOWS.branching)}/jobs/latest` },
      }),
      exporting('status', 'HTTPExport', { ...connected, http: { method: 'GET', relativeURI: '/status' } }),
      exporting('listener', 'WebhookExport', {
        type: 'webhook',
        webhook: { provider: 'integrator-extension' },
      }),
      exporting('loader', 'SimpleExport', { type: 'simple' }),
      exporting('topic', 'TopicExport'),
      exporting('folder', 'HTTPExport', { ...connected, assistant: 'integratorceligoapi' }),
      exporting('drive', 'HTTPExport', { ...connected, assistant: 'googledrive' }),
      exporting('wrapper', 'WrapperExport', { ...connected }),
      exporting('edi', 'FTPExport', { ...connected, ftp: { directoryPath: '/in' } }),
    ],
    imports: [
      importing('orders', 'HTTPImport', { http: { method: ['POST'], relativeURI: ['/orders'] } }),
      importing('tool', 'ToolImport'),
      importing('agent', 'AiAgentImport'),
      importing('guardrail', 'GuardrailImport'),
      importing('topic', 'TopicImport'),
      importing('folder', 'HTTPImport', { ...connected, assistant: 'integratorceligoapi' }),
      importing('drive', 'HTTPImport', { ...connected, assistant: 'googledrive' }),
      importing('wrapper', 'WrapperImport', { ...connected }),
      importing('edi', 'FTPImport', { ...connected, ftp: { directoryPath: '/out' } }),
    ],
    connections: [
      ...TRANSPORTS.map((type, index) => connection(index + 1, type)),
      ...Object.entries(CONNECTIONS).map(([name, number]) =>
        connection(number, ['borrower', 'router', 'group'].includes(name) ? 'http' : name),
      ),
    ],
    scripts: [{ _id: idOf('script'), name: 'Hooks', content: SCRIPT }],
    asynchelpers: [
      { _id: idOf('asynchelper'), name: 'Wait for the report', http: { submit: { sameAsStatus: true } } },
    ],
    filedefinitions: [{ _id: idOf('filedefinition'), name: 'EDI 850', version: '1' }],
    lookupcaches: [{ _id: idOf('lookupcache'), name: 'Countries' }],
    iclients: [{ _id: idOf('iclient'), name: 'Our app', provider: 'custom_oauth2' }],
    stacks: [{ _id: idOf('stack'), name: 'Our stack', type: 'server' }],
    agents: [{ _id: idOf('agent'), name: 'Basement', online: true }],
    ediprofiles: [{ _id: idOf('ediprofile'), name: 'Wholesale' }],
    tools: [
      {
        _id: idOf('tool'),
        name: 'Look up an order',
        routers: [
          { branches: [{ name: 'all', pageProcessors: [step('export'), step('import')] }] },
          { id: ROUTERS[1], branches: [{ name: 'rest', pageProcessors: [] }] },
        ],
      },
    ],
    apis: [
      {
        _id: idOf('api'),
        name: 'Orders API',
        type: 'builder',
        builder: {
          routers: [
            { branches: [{ name: 'all', pageProcessors: [step('export'), step('import')] }] },
            { id: ROUTERS[1], branches: [{ name: 'rest', pageProcessors: [] }] },
          ],
        },
      },
    ],
  };
}
