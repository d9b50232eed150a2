/** The integration of both documented flows. */
export const INTEGRATION_ID = '58f107a36b3bdd4f87aca76b';
export const STANDALONE_ID = '58f107a36b3bdd4f87aca700';

/** "Send GitHub Events to Slack" and "Update Usage Stats for all Trialers". */
export const FLOW_IDS = { events: '55ea78c6b751843c37b7b367', usage: '5980e7fedd9939649f8a5d9a' } as const;

export const SCRIPT_IDS = {
  trialers: '5979c1f3a6e24b08d5127701',
  message: '5979c1f3a6e24b08d5127702',
} as const;

/** The lookups of the usage flow: what each brings into the record, in the order of the flow. */
export const LOOKUPS = [
  { key: 'numConnections', name: 'Look up number of connections', uri: '/users/{{id}}/connections/count' },
  {
    key: 'dlSuccessAndErrors',
    name: 'Look up data loader results',
    uri: '/users/{{id}}/dataloaders/results',
  },
  { key: 'lastSignIn', name: 'Look up last sign-in', uri: '/users/{{id}}/signins/last' },
  { key: 'numDataLoaders', name: 'Look up number of data loaders', uri: '/users/{{id}}/dataloaders/count' },
  { key: 'numFlows', name: 'Look up number of flows', uri: '/users/{{id}}/flows/count' },
  { key: 'numPasswordChanges', name: 'Look up password changes', uri: '/users/{{id}}/passwords/changes' },
  { key: 'numPasswordResets', name: 'Look up password resets', uri: '/users/{{id}}/passwords/resets' },
  { key: 'numSignIns', name: 'Look up number of sign-ins', uri: '/users/{{id}}/signins/count' },
  { key: 'successAndErrors', name: 'Look up flow results', uri: '/users/{{id}}/flows/results' },
] as const;

const EXPORTS = ['events', 'trialers', 'invited', ...LOOKUPS.map(({ key }) => key)] as const;
const IMPORTS = ['slack', 'warehouse', 'salesforce'] as const;

/** The id of an export by what it is for. */
export function exportId(key: (typeof EXPORTS)[number]): string {
  return `55ea776bb751843c37b7a${(0x100 + EXPORTS.indexOf(key)).toString(16)}`;
}

/** The id of an import by what it is for. */
export function importId(key: (typeof IMPORTS)[number]): string {
  // The documented id belongs to the import of the simple flow.
  return key === 'slack'
    ? '55ea78c546cf5825294aca0b'
    : `55ea78c546cf5825294ac${(0x100 + IMPORTS.indexOf(key)).toString(16)}`;
}
