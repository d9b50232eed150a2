import { STANDALONE } from '../account.ts';
import type { Collection, Document } from '../documents.ts';
import { CONNECTION, connections } from './connections.ts';
import { eventsFlow, usageFlow } from './flows.ts';
import { exportId, INTEGRATION_ID, importId, LOOKUPS, SCRIPT_IDS, STANDALONE_ID } from './ids.ts';

const CREATED_AT = '2017-06-19T21:20:00.000Z';
const CONNECTION_PREFIX = '5979c0de0b1ae94d7c3fa1';
const TIMES = { createdAt: CREATED_AT, lastModified: CREATED_AT };

/** The account whose flows are cloned: both flows of the Flow API's documentation and all they need. */
export function blueprint(): Partial<Record<Collection, Document[]>> {
  const connection = (key: keyof typeof CONNECTION) => CONNECTION_PREFIX + CONNECTION[key];
  return {
    integrations: [
      {
        _id: INTEGRATION_ID,
        name: 'Trial operations',
        description: 'What happens around people who try the product.',
        flowGroupings: [],
        _registeredConnectionIds: Object.values(CONNECTION).map((suffix) => CONNECTION_PREFIX + suffix),
        ...TIMES,
      },
      { _id: STANDALONE_ID, name: STANDALONE, flowGroupings: [], _registeredConnectionIds: [], ...TIMES },
    ],
    connections: connections({
      idPrefix: CONNECTION_PREFIX,
      secret: 'planted-blueprint',
      createdAt: CREATED_AT,
    }),
    scripts: [
      {
        _id: SCRIPT_IDS.trialers,
        name: 'Keep active trialers',
        content: [
          '/** Leaves out people whose trial has ended. */',
          'function preSavePage(options) {',
          '  return { data: options.data.filter((user) => !user.trialEnded), errors: options.errors, abort: false };',
          '}',
          '',
        ].join('\n'),
        ...TIMES,
      },
      {
        _id: SCRIPT_IDS.message,
        name: 'Shorten commit messages',
        content: [
          '/** Keeps the first line of what was committed. */',
          'function preMap(options) {',
          "  return options.data.map((event) => ({ data: { ...event, text: String(event.text).split('\\n')[0] } }));",
          '}',
          '',
        ].join('\n'),
        ...TIMES,
      },
    ],
    exports: [
      {
        _id: exportId('events'),
        name: 'Get GitHub events',
        _connectionId: connection('github'),
        adaptorType: 'HTTPExport',
        apiIdentifier: 'e5b21c90aa',
        asynchronous: true,
        type: 'delta',
        delta: { dateFormat: 'YYYY-MM-DDTHH:mm:ss[Z]' },
        http: { relativeURI: '/orgs/example/events?since={{lastExportDateTime}}', method: 'GET' },
        ...TIMES,
      },
      {
        _id: exportId('trialers'),
        name: 'Get trialers',
        _connectionId: connection('usage'),
        adaptorType: 'HTTPExport',
        apiIdentifier: 'e5b21c90ab',
        asynchronous: true,
        http: {
          relativeURI: '/trials?state=active',
          method: 'GET',
          response: { resourcePath: 'trials' },
          paging: { method: 'page', page: 1 },
        },
        hooks: { preSavePage: { function: 'preSavePage', _scriptId: SCRIPT_IDS.trialers } },
        ...TIMES,
      },
      {
        _id: exportId('invited'),
        name: 'Get invited users',
        _connectionId: connection('warehouse'),
        adaptorType: 'RDBMSExport',
        apiIdentifier: 'e5b21c90ac',
        asynchronous: true,
        rdbms: { query: 'select id, email, invited_at from users where invited_at is not null' },
        ...TIMES,
      },
      ...LOOKUPS.map(({ key, name, uri }, index) => ({
        _id: exportId(key),
        name,
        isLookup: true,
        _connectionId: connection('usage'),
        adaptorType: 'HTTPExport',
        apiIdentifier: `e5b21c90b${index}`,
        asynchronous: true,
        http: { relativeURI: uri, method: 'GET' },
        ...TIMES,
      })),
    ],
    imports: [
      {
        _id: importId('slack'),
        name: 'Post message to Slack',
        _connectionId: connection('slack'),
        adaptorType: 'HTTPImport',
        apiIdentifier: 'i4d77e01c1',
        http: { relativeURI: ['/chat.postMessage'], method: ['POST'], body: [], batchSize: 1 },
        mapping: {
          fields: [
            { extract: 'text', generate: 'text' },
            { hardCodedValue: '#engineering', generate: 'channel' },
          ],
        },
        hooks: { preMap: { function: 'preMap', _scriptId: SCRIPT_IDS.message } },
        ...TIMES,
      },
      {
        _id: importId('warehouse'),
        name: 'Store usage in warehouse',
        _connectionId: connection('warehouse'),
        adaptorType: 'RDBMSImport',
        apiIdentifier: 'i4d77e01c2',
        rdbms: {
          queryType: ['INSERT'],
          query: [
            "insert into usage (user_id, connections, flows) values ('{{id}}', {{numConnections}}, {{numFlows}})",
          ],
        },
        ...TIMES,
      },
      {
        _id: importId('salesforce'),
        name: 'Update lead in Salesforce',
        _connectionId: connection('salesforce'),
        adaptorType: 'SalesforceImport',
        apiIdentifier: 'i4d77e01c3',
        salesforce: { operation: 'update', sObjectType: 'Lead', api: 'rest' },
        mapping: { fields: [{ extract: 'numSignIns', generate: 'Sign_Ins__c' }] },
        ...TIMES,
      },
    ],
    flows: [eventsFlow(), usageFlow()],
  };
}
