import type { ResourceType } from '../../model/resource.ts';

/** A value the server fills in by itself: having it and lacking it are the same. */
export interface Default {
  in: ResourceType | '*';
  /** As in the reference table. */
  path: string;
  value: boolean | string;
  reason: string;
}

function defaults(type: ResourceType, value: boolean | string, paths: readonly string[]): Default[] {
  return paths.map((path) => ({ in: type, path, value, reason: 'filled in by the server' }));
}

/** Values that equal their absence. */
export const DEFAULTS: readonly Default[] = [
  ...defaults('flow', true, ['autoResolveMatchingTraceKeys']),
  ...defaults('flow', false, [
    'isAbstract',
    'skipRetries',
    'runPageGeneratorsInParallel',
    'pageGenerators[].skipRetries',
    'pageGenerators[].setupInProgress',
    'pageProcessors[].proceedOnFailure',
    'pageProcessors[].setupInProgress',
    'routers[].branches[].pageProcessors[].proceedOnFailure',
    'routers[].branches[].pageProcessors[].setupInProgress',
  ]),
  ...defaults('export', false, ['oneToMany', 'isLookup']),
  ...defaults('import', false, [
    'oneToMany',
    'ignoreExisting',
    'ignoreMissing',
    'http.strictHandlebarEvaluation',
  ]),
  ...defaults('lookupcache', false, ['includeDataInTemplatesAndCloning']),
];

/**
 * Subtrees that are the customer's own: the server keeps them as they are, and null, an empty list and nothing at
 * all may mean three things there.
 */
export const FREE_FORM: readonly string[] = [
  'settings',
  'settingsForm',
  'flowGroupings[].settings',
  'flowGroupings[].settingsForm',
  '**.lookups[].map',
  'assistantMetadata',
];
