import type { Json, JsonObject, ResourceType } from '../model/resource.ts';

const EVERYWHERE = ['name', 'description', 'settings', 'settingsForm', 'preSave', 'externalId'];

const STEP = [
  '_connectionId',
  '_ediProfileId',
  '_integrationId',
  '_postParseListenerId',
  'adaptorType',
  'aiAgent',
  'as2',
  'dataURITemplate',
  'delta',
  'distributed',
  'dynamodb',
  'file',
  'filter',
  'ftp',
  'guardrail',
  'hooks',
  'http',
  'inputFilter',
  'isLookup',
  'jdbc',
  'lookups',
  'mapping',
  'mappings',
  'mongodb',
  'netsuite',
  'netsuite_da',
  'once',
  'oneToMany',
  'pageSize',
  'parsers',
  'pathToMany',
  'rdbms',
  'responseTransform',
  'rest',
  's3',
  'salesforce',
  'simple',
  'tool',
  'topic',
  'transform',
  'type',
  'van',
  'webhook',
  'wrapper',
];

/** Fields a copy is not whole without. Those of types that are not listed are all essential. */
const ESSENTIAL: Partial<Record<ResourceType, ReadonlySet<string>>> = {
  flow: new Set([
    ...EVERYWHERE,
    '_abstractFlowId',
    '_exportId',
    '_flowGroupingId',
    '_importId',
    '_integrationId',
    '_keepDeltaBehindExportId',
    '_keepDeltaBehindFlowId',
    '_runNextExportIds',
    '_runNextFlowIds',
    'aliases',
    'isAbstract',
    'overrides',
    'pageGenerators',
    'pageProcessors',
    'routers',
    'runPageGeneratorsInParallel',
    'schedule',
    'timezone',
  ]),
  export: new Set([...EVERYWHERE, ...STEP]),
  import: new Set([...EVERYWHERE, ...STEP]),
  script: new Set([...EVERYWHERE, 'content']),
  integration: new Set([...EVERYWHERE, 'aliases', 'flowGroupings']),
  lookupcache: new Set(EVERYWHERE),
  asynchelper: new Set([...EVERYWHERE, '_integrationId', 'http']),
  filedefinition: new Set([
    ...EVERYWHERE,
    'delimited',
    'fixed',
    'format',
    'globalId',
    'rules',
    'template',
    'version',
  ]),
  tool: new Set([...EVERYWHERE, '_integrationId', 'input', 'output', 'routers']),
};

/**
 * Whether integrator.io left a member out as a whole that it may leave out: fields it does not know are accepted and
 * dropped without a word, and old documents hold fields that newer ones no longer have.
 */
export function isDroppable(type: ResourceType, path: string, stored: JsonObject): boolean {
  const [, field, ...deeper] = path.split('/');
  if (field === undefined || deeper.length > 0 || !isAbsent(stored[field])) return false;
  const essential = ESSENTIAL[type];
  return essential !== undefined && !essential.has(field);
}

function isAbsent(value: Json | undefined): boolean {
  return value === undefined || value === null;
}
