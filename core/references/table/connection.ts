import { type ReferenceRow, row } from '../row.ts';
import { settings } from './parts.ts';

/** The transports that hold the registered application; it is never named at the top of a connection. */
const TRANSPORTS = ['http', 'rest', 'mcp.http', 'netsuite', 'salesforce', 'rdbms', 's3'];

export const CONNECTION: readonly ReferenceRow[] = [
  row('connection', '_borrowConcurrencyFromConnectionId', 'connection', 'mapped'),
  row('connection', '_agentId', 'agent', 'mapped', { note: 'runs on premises' }),
  row('connection', '_agentGroupId', 'agentgroup', 'mapped'),
  ...TRANSPORTS.map((transport) =>
    row('connection', `${transport}._iClientId`, 'iclient', 'mapped', {
      note: "may be one of integrator.io's own, which every account has",
    }),
  ),
  row('connection', 'wrapper._stackId', 'stack', 'mapped'),
  row('connection', 'contentBasedFlowRouter._scriptId', 'script', 'needs'),
  row('connection', 'as2.contentBasedFlowRouter._scriptId', 'script', 'needs'),
  row('connection', 'van.contentBasedFlowRouter._scriptId', 'script', 'needs'),
  ...settings('connection'),
  row('connection', '_integrationId', 'integration', 'alias', {
    note: 'only within an integration app; not copied',
  }),
  row('connection', '__integrationIds[]', 'integration', 'alias', {
    omit: 'element',
    note: 'of requests only; not copied',
  }),
];
