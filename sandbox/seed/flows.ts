import type { Document } from '../documents.ts';
import { exportId, FLOW_IDS, INTEGRATION_ID, importId, LOOKUPS } from './ids.ts';

/** The documented simple flow: one export, one import, in the old form. */
export function eventsFlow(): Document {
  return {
    _id: FLOW_IDS.events,
    lastModified: '2017-06-19T21:27:09.945Z',
    name: 'Send GitHub Events to Slack',
    disabled: false,
    timezone: 'America/Los_Angeles',
    _exportId: exportId('events'),
    _importId: importId('slack'),
    _integrationId: INTEGRATION_ID,
    skipRetries: false,
    createdAt: '2017-06-19T21:27:09.900Z',
  };
}

/** The documented orchestrated flow: two sources, nine lookups, two imports. */
export function usageFlow(): Document {
  return {
    _id: FLOW_IDS.usage,
    lastModified: '2017-08-19T17:04:54.005Z',
    name: 'Update Usage Stats for all Trialers',
    disabled: false,
    schedule: '? 0 2 ? * *',
    timezone: 'America/Los_Angeles',
    _integrationId: INTEGRATION_ID,
    skipRetries: false,
    pageProcessors: [
      ...LOOKUPS.map(({ key }) => ({
        type: 'export',
        _exportId: exportId(key),
        responseMapping: { lists: [], fields: [{ extract: 'data', generate: key }] },
      })),
      {
        type: 'import',
        _importId: importId('warehouse'),
        proceedOnFailure: true,
        responseMapping: { lists: [], fields: [] },
      },
      { type: 'import', _importId: importId('salesforce'), responseMapping: { lists: [], fields: [] } },
    ],
    pageGenerators: [
      { _exportId: exportId('trialers'), _id: '5980e7fedd9939649f8a5d9b' },
      { _exportId: exportId('invited'), _id: '5980e7fedd9939649f8a5d9c' },
    ],
    createdAt: '2017-08-01T20:43:42.156Z',
  };
}
