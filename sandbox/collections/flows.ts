import { type Fields, isNothing, isObject, objectsAt } from '../documents.ts';
import { stepConnections } from '../graph.ts';
import { randomHex } from '../ids.ts';
import { checkAbstraction, wrapProcessors } from './abstraction.ts';
import { checkAliases } from './aliases.ts';
import { checkShape, pageProcessors } from './flowShape.ts';
import { pointer, type Rules, type Write } from './rules.ts';

/** All fields a client may write. */
const FIELDS = [
  'name',
  'description',
  '_integrationId',
  '_flowGroupingId',
  'disabled',
  'schedule',
  'timezone',
  'pageGenerators',
  'pageProcessors',
  'routers',
  '_exportId',
  '_importId',
  '_runNextFlowIds',
  '_runNextExportIds',
  '_keepDeltaBehindFlowId',
  '_keepDeltaBehindExportId',
  'runPageGeneratorsInParallel',
  'autoResolveMatchingTraceKeys',
  'skipRetries',
  'settings',
  'settingsForm',
  'preSave',
  'aliases',
  'isAbstract',
  '_abstractFlowId',
  'overrides',
  'overridesHelper',
  'externalId',
  'wizardState',
  'draft',
  'aiDescription',
  'sandbox',
];

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
  known: new Set(FIELDS),
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
    if (document['isAbstract'] === true && objectsAt(document, 'pageProcessors').length > 0)
      wrapProcessors(document);
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
    const isMoved = existing && existing['_integrationId'] !== document['_integrationId'];
    if (existing && !isNothing(group) && (isMoved || !belongs(write, group))) {
      problems.add(
        'flowgrouping_not_belong',
        'The flow group is not of this integration, or the flow is moved to it just now.',
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
