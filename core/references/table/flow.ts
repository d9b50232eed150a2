import { type ReferenceRow, type RowExtras, row } from '../row.ts';
import { aliases, containment, hook, routers, settings, steps, transformation } from './parts.ts';

const late: RowExtras = { deferrable: true };
const lateElement: RowExtras = { deferrable: true, omit: 'element' };
const element: RowExtras = { omit: 'element' };

/** Which flow and which export's checkpoint a delta stays behind. */
function keepDelta(at: string): ReferenceRow[] {
  return [
    row('flow', `${at}_keepDeltaBehindFlowId`, 'flow', 'linked', late),
    row('flow', `${at}_keepDeltaBehindExportId`, 'export', 'linked', late),
  ];
}

/** The flows that start when this one ends. Chains may close into a circle. */
function runNext(at: string): ReferenceRow[] {
  return [
    row('flow', `${at}_runNextFlowIds[]`, 'flow', 'linked', lateElement),
    row('flow', `${at}_runNextExportIds[]._flowId`, 'flow', 'linked', lateElement),
    row('flow', `${at}_runNextExportIds[]._exportId`, 'export', 'linked', lateElement),
  ];
}

const overriddenExports = 'overrides.exports[]';
const overriddenImports = 'overrides.imports[]';

/** What an instance puts in the place of its abstract flow's resources, and the abstract flow's list of what may be. */
const overrides: ReferenceRow[] = [
  row('flow', 'overrides.connections[]._abstractId', 'connection', 'mapped', {
    ...element,
    note: "in the abstract flow's graph",
  }),
  row('flow', 'overrides.connections[]._id', 'connection', 'mapped', element),
  row('flow', 'overrides.connections[]._borrowConcurrencyFromConnectionId', 'connection', 'mapped'),
  row('flow', `${overriddenExports}._abstractId`, 'export', 'needs', {
    ...element,
    note: "in the abstract flow's graph",
  }),
  row('flow', `${overriddenExports}._id`, 'export', 'needs', element),
  row('flow', `${overriddenExports}._connectionId`, 'connection', 'mapped'),
  ...keepDelta(`${overriddenExports}.`),
  row('flow', `${overriddenExports}.file.fileDefinition._fileDefinitionId`, 'filedefinition', 'needs'),
  ...hook('flow', `${overriddenExports}.hooks.preSavePage`),
  ...transformation('flow', `${overriddenExports}.transform`),
  row('flow', `${overriddenExports}.filter.script._scriptId`, 'script', 'needs'),
  row('flow', `${overriddenExports}.inputFilter.script._scriptId`, 'script', 'needs'),
  row('flow', `${overriddenImports}._abstractId`, 'import', 'needs', {
    ...element,
    note: "in the abstract flow's graph",
  }),
  row('flow', `${overriddenImports}._id`, 'import', 'needs', element),
  row('flow', `${overriddenImports}._connectionId`, 'connection', 'mapped'),
  row('flow', `${overriddenImports}.file.fileDefinition._fileDefinitionId`, 'filedefinition', 'needs'),
  ...hook('flow', `${overriddenImports}.hooks.preMap`),
  ...hook('flow', `${overriddenImports}.hooks.postMap`),
  ...hook('flow', `${overriddenImports}.hooks.postSubmit`),
  ...hook('flow', `${overriddenImports}.hooks.postAggregate`),
  ...transformation('flow', `${overriddenImports}.responseTransform`),
  row('flow', `${overriddenImports}.filter.script._scriptId`, 'script', 'needs'),
  row('flow', `${overriddenImports}.inputFilter.script._scriptId`, 'script', 'needs'),
  row('flow', `${overriddenImports}.lookups[]._lookupCacheId`, 'lookupcache', 'needs'),
  row('flow', 'overrides.routers[].script._scriptId', 'script', 'needs'),
  row('flow', 'overrides.routers[]._abstractId', 'local', 'never', { note: 'a router of the abstract flow' }),
  row('flow', 'overrides.routers[].branches[]._abstractId', 'local', 'never', {
    note: 'a branch of the abstract flow',
  }),
  ...runNext('overrides.'),
  row('flow', 'overridesHelper.connections[]._abstractId', 'connection', 'mapped', element),
  row('flow', 'overridesHelper.exports[]._abstractId', 'export', 'needs', element),
  row('flow', 'overridesHelper.imports[]._abstractId', 'import', 'needs', element),
];

export const FLOW: readonly ReferenceRow[] = [
  ...containment('flow'),
  row('flow', '_flowGroupingId', 'flowgrouping', 'inside', {
    note: "an element of the integration's flowGroupings",
  }),
  row('flow', 'pageGenerators[]._exportId', 'export', 'needs', element),
  row('flow', 'pageGenerators[]._id', 'own', 'never', { note: 'the server numbers steps itself' }),
  ...keepDelta('pageGenerators[].'),
  ...steps('flow', 'pageProcessors[]'),
  ...routers('flow', 'routers'),
  row('flow', '_exportId', 'export', 'needs', { note: 'flows of one export and one import' }),
  row('flow', '_importId', 'import', 'needs', { note: 'flows of one export and one import' }),
  ...keepDelta(''),
  ...runNext(''),
  row('flow', '_abstractFlowId', 'flow', 'needs', { note: 'the abstract flow of an instance' }),
  ...aliases('flow'),
  ...settings('flow'),
  ...overrides,
];
