import { type ReferenceRow, type RowExtras, row } from '../row.ts';
import { aliases, hook, settings } from './parts.ts';

const uncopied: RowExtras = { note: 'a step of an installation; not copied' };
const element: RowExtras = { omit: 'element' };

/** Steps that run when an integration app is installed, removed or changes its edition. */
const lifecycle: ReferenceRow[] = [
  row('integration', 'install[]._connectionId', 'connection', 'alias', uncopied),
  row('integration', 'install[]._stackId', 'stack', 'alias', uncopied),
  row('integration', 'install[]._scriptId', 'script', 'alias', uncopied),
  row('integration', 'installSteps[].sourceConnection', 'provenance', 'never', {
    note: 'what the installer was offered; not copied',
  }),
  row('integration', 'installSteps[]._connectionId', 'connection', 'alias', uncopied),
  row('integration', 'installSteps[]._scriptId', 'script', 'alias', uncopied),
  ...['uninstallSteps', 'changeEditionSteps'].flatMap((list) => [
    row('integration', `${list}[]._connectionId`, 'connection', 'mapped'),
    row('integration', `${list}[]._scriptId`, 'script', 'needs'),
  ]),
  row('integration', 'initChild._scriptId', 'script', 'needs'),
  row('integration', 'update._scriptId', 'script', 'needs'),
];

export const INTEGRATION: readonly ReferenceRow[] = [
  row('integration', '_registeredConnectionIds[]', 'connection', 'alias', {
    ...element,
    note: 'read-only; connections are registered by a call of their own',
  }),
  row('integration', '_registeredLookupCacheIds[]', 'lookupcache', 'alias', {
    ...element,
    note: 'read-only',
  }),
  ...aliases('integration'),
  row('integration', 'flowGroupings[]._id', 'flowgrouping', 'inside', {
    note: 'made by the server; groups are told apart by name',
  }),
  ...hook('integration', 'flowGroupings[].settingsForm.init'),
  row('integration', 'apiGroupings[]._id', 'apigrouping', 'inside', {
    note: 'made by the server; groups are told apart by name',
  }),
  ...lifecycle,
  ...settings('integration'),
  row('integration', '_parentId', 'integration', 'alias', {
    note: 'the parent of a child integration app; not copied',
  }),
];
