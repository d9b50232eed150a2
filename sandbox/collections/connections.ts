import { isNothing, isObject, objectAt } from '../documents.ts';
import { isObjectId } from '../ids.ts';
import { hasCredentials } from '../masks.ts';
import { pointer, type Rules } from './rules.ts';

/** Connections: secrets, and what a type can't do without. */
export const connections: Rules = {
  owned: [
    'offline',
    'queues',
    'queueSize',
    'debugDate',
    'debugUntil',
    '_sourceId',
    '_templateId',
    '_connectorId',
  ],
  name: { required: true, longest: 300 },
  patchable: ['/name', '/debugDate', '/debugUntil'].map(pointer),

  prepare({ document }) {
    for (const [block, field] of [
      ['netsuite', 'suiteAppInstalled'],
      ['salesforce', 'info'],
      ['salesforce', 'packageInstalled'],
    ] as const) {
      const part = document[block];
      if (isObject(part)) delete part[field];
    }
  },

  check({ account, document, existing }, problems) {
    const type = document['type'];
    if (isNothing(type)) problems.add('missing_required_field', 'Path `type` is required.', 'type');
    if (type === 'wrapper' && isNothing(objectAt(document, 'wrapper')['_stackId'])) {
      problems.add('missing_required_field', 'A wrapper needs a stack.', 'wrapper._stackId');
    }
    if (type === 'filesystem' && isNothing(document['_agentId'])) {
      problems.add('missing_required_field', 'A file system needs an agent.', '_agentId');
    }
    const lender = document['_borrowConcurrencyFromConnectionId'];
    if (!isObjectId(lender)) return;
    const borrowed = account.store('connections').get(lender)?.['_borrowConcurrencyFromConnectionId'];
    if (lender === existing?._id || !isNothing(borrowed)) {
      problems.add(
        'invalid_value',
        'Concurrency can be borrowed over one level only.',
        '_borrowConcurrencyFromConnectionId',
      );
    }
  },

  finish({ document }) {
    document['offline'] = !hasCredentials('connections', document);
  },
};
