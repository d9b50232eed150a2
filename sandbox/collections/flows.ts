import { type Fields, isNothing, isObject, objectsAt } from '../documents.ts';
import type { Problems } from '../errors.ts';
import { stepConnections } from '../graph.ts';
import { isObjectId, randomHex } from '../ids.ts';
import { checkAliases } from './aliases.ts';
import { checkShape, pageProcessors } from './flowShape.ts';
import { pointer, type Rules, type Write } from './rules.ts';

/** Flows: three topologies, abstract flows and their instances, groups, schedules. */
export const flows: Rules = {
  owned: [
    'lastExecutedAt',
    'resolvedAt',
    'free',
    'numInstances',
    'draftExpiresAt',
    'logging',
    '_sourceId',
    '_templateId',
    '_connectorId',
  ],
  name: { required: true, longest: 150 },
  patchable: [
    '/name',
    '/description',
    '/aiDescription',
    '/disabled',
    '/schedule',
    '/timezone',
    '/runPageGeneratorsInParallel',
    '/logging/debugUntil',
    '/logging/mode',
    '/pageGenerators/*/schedule',
    '/pageGenerators/*/skipRetries',
    '/routers/*/name',
    '/routers/*/branches/*/name',
    '/routers/*/branches/*/description',
    '/aliases',
  ].map(pointer),

  prepare(write) {
    const { document, existing, account } = write;
    for (const list of ['pageGenerators', 'pageProcessors']) {
      for (const step of objectsAt(document, list)) delete step['_id'];
    }
    if (document['isAbstract'] === true && objectsAt(document, 'pageProcessors').length > 0) wrap(document);
    for (const router of objectsAt(document, 'routers')) {
      for (const branch of objectsAt(router, 'branches')) {
        branch['pageProcessors'] ??= [];
        branch['branchId'] ??= randomHex(11);
      }
    }
    for (const { step } of pageProcessors(document)) settleResponseMapping(step);
    if (isObject(document['overrides'])) delete document['overrides']['__listenerIdsToIndex'];
    if (isNothing(document['_integrationId']))
      document['_integrationId'] = account.standaloneFlowsId() ?? null;
    const group = document['_flowGroupingId'];
    if (!existing && !isNothing(group) && !belongs(write, group)) delete document['_flowGroupingId'];
  },

  check(write, problems) {
    const { document, existing } = write;
    const description = document['description'];
    if (typeof description === 'string' && description.length > 5120) {
      problems.add('invalid_value', 'The description is longer than 5120 characters.', 'description');
    }
    if (document['_integrationId'] === null) {
      problems.add(
        'standalone_flows_not_supported',
        'There is no integration for standalone flows.',
        '_integrationId',
      );
    }
    const group = document['_flowGroupingId'];
    if (existing && !isNothing(group) && !belongs(write, group)) {
      problems.add(
        'flowgrouping_not_belong',
        'The flow group is not of this integration.',
        '_flowGroupingId',
      );
    }
    checkShape(document, problems);
    checkAliases(document, problems);
    checkAbstraction(write, problems);
  },

  finish(write) {
    const { account, document, existing } = write;
    document['disabled'] ??= false;
    document['autoResolveMatchingTraceKeys'] ??= true;
    if (existing && existing['_integrationId'] !== document['_integrationId']) {
      register(write, stepConnections(account, document));
    }
  },
};

/** A form that stores nothing: `{"fields": {"type": [...]}}` is taken with a 200 and becomes `[null]`. */
function settleResponseMapping(step: Fields): void {
  const mapping = step['responseMapping'];
  if (!isObject(mapping)) {
    step['responseMapping'] = { fields: [], lists: [] };
    return;
  }
  for (const part of ['fields', 'lists']) {
    const value = mapping[part];
    if (value === undefined || value === null) mapping[part] = [];
    else if (!Array.isArray(value)) mapping[part] = [null];
  }
}

function wrap(flow: Fields): void {
  flow['routers'] = [
    { id: randomHex(11), branches: [{ name: 'Branch 1.0', pageProcessors: flow['pageProcessors'] }] },
  ];
  delete flow['pageProcessors'];
}

function belongs({ account, document }: Write, group: unknown): boolean {
  const integration = account.store('integrations').get(String(document['_integrationId']));
  return objectsAt(integration, 'flowGroupings').some((grouping) => grouping['_id'] === group);
}

function register({ account, document }: Write, connectionIds: Iterable<string>): void {
  const integration = account.store('integrations').get(String(document['_integrationId']));
  if (!integration) return;
  const registered = Array.isArray(integration['_registeredConnectionIds'])
    ? integration['_registeredConnectionIds']
    : [];
  integration['_registeredConnectionIds'] = [...new Set([...registered, ...connectionIds])];
}

function checkAbstraction({ account, document, existing }: Write, problems: Problems): void {
  const store = account.store('flows');
  const abstractId = document['_abstractFlowId'];
  if (existing && !isNothing(existing['_abstractFlowId']) && abstractId !== existing['_abstractFlowId']) {
    problems.add('invalid_value', 'The abstract flow of an instance can not be changed.', '_abstractFlowId');
  }
  if (isObjectId(abstractId)) {
    const abstract = store.get(abstractId);
    if (abstract && abstract['isAbstract'] !== true) {
      problems.add('invalid_ref', 'The flow is not abstract.', '_abstractFlowId');
    }
    for (const part of ['pageGenerators', 'pageProcessors', 'routers']) {
      if (objectsAt(document, part).length > 0) {
        problems.add('invalid_request', `An instance has no ${part} of its own.`, part);
      }
    }
  }
  if (existing?.['isAbstract'] === true && document['isAbstract'] !== true) {
    for (const flow of store.documents()) {
      if (flow['_abstractFlowId'] !== existing._id) continue;
      problems.add('invalid_request', 'The flow has instances and must stay abstract.', 'isAbstract');
      break;
    }
  }
  const next = document['_runNextFlowIds'];
  if (!Array.isArray(next)) return;
  for (const [index, id] of next.entries()) {
    if (isObjectId(id) && store.get(id)?.['isAbstract'] === true) {
      problems.add('invalid_value', 'An abstract flow can not be run next.', `_runNextFlowIds[${index}]`);
    }
  }
}
