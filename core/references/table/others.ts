import { type ReferenceRow, row } from '../row.ts';
import { containment, hook, routers, settings, transformation } from './parts.ts';

export const ASYNCHELPER: readonly ReferenceRow[] = [
  row('asynchelper', 'http.status._exportId', 'export', 'needs', { note: 'has no async helper itself' }),
  row('asynchelper', 'http.result._exportId', 'export', 'needs'),
  row('asynchelper', 'http.result._importId', 'import', 'needs'),
  ...transformation('asynchelper', 'http.submit.transform'),
  ...containment('asynchelper'),
];

export const LOOKUPCACHE: readonly ReferenceRow[] = [
  ...containment('lookupcache'),
  row('lookupcache', '_stackId', 'stack', 'mapped'),
];

export const TOOL: readonly ReferenceRow[] = [
  ...containment('tool'),
  ...routers('tool', 'routers'),
  ...transformation('tool', 'input.transform'),
  ...hook('tool', 'output.hooks.preMap'),
  ...hook('tool', 'output.hooks.postMap'),
  ...settings('tool'),
];

export const API: readonly ReferenceRow[] = [
  ...containment('api'),
  row('api', '_scriptId', 'script', 'needs'),
  row('api', 'script._scriptId', 'script', 'needs'),
  ...routers('api', 'builder.routers'),
  row('api', 'transform.script._scriptId', 'script', 'needs'),
  ...hook('api', 'hooks.preMap'),
  ...hook('api', 'hooks.postMap'),
  row('api', '_apiGroupingId', 'apigrouping', 'inside', {
    note: "an element of the integration's apiGroupings",
  }),
];

export const FILEDEFINITION: readonly ReferenceRow[] = [
  row('filedefinition', 'globalId', 'catalogue', 'never', { note: 'the catalogue of EDI standards' }),
];
