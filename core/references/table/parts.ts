import type { ResourceType } from '../../model/resource.ts';
import { type ReferenceRow, type RowExtras, row } from '../row.ts';

/** Rows of parts that several types have in common; `at` is the path of the part, '' for the document itself. */
const under = (at: string, path: string): string => (at === '' ? path : `${at}.${path}`);

/** A script that is named beside the function to call in it, or a stack that serves the call instead. */
export function hook(type: ResourceType, at: string): ReferenceRow[] {
  return [
    row(type, under(at, '_scriptId'), 'script', 'needs'),
    row(type, under(at, '_stackId'), 'stack', 'mapped', {
      note: 'a hook that a stack serves names no script',
    }),
  ];
}

/** The custom settings that any resource can have: a form made by a script, and a hook before it is saved. */
export function settings(type: ResourceType): ReferenceRow[] {
  return [...hook(type, 'settingsForm.init'), ...hook(type, 'preSave')];
}

/** A transformation: by a script, or by rules that look values up. */
export function transformation(type: ResourceType, at: string): ReferenceRow[] {
  return [
    row(type, `${at}.script._scriptId`, 'script', 'needs'),
    row(type, `${at}.expression.rulesTwoDotZero.lookups[]._lookupCacheId`, 'lookupcache', 'needs'),
  ];
}

/** The integration a resource is kept in. */
export function containment(type: ResourceType): ReferenceRow[] {
  return [row(type, '_integrationId', 'integration', 'needs', { note: 'the integration that holds it' })];
}

/** The steps of a flow, or of a branch: lookups and imports, each with its hook. */
export function steps(type: ResourceType, at: string): ReferenceRow[] {
  return [
    row(type, `${at}._exportId`, 'export', 'needs', { omit: 'element', note: 'a lookup' }),
    row(type, `${at}._importId`, 'import', 'needs', { omit: 'element' }),
    ...hook(type, `${at}.hooks.postResponseMap`),
    row(type, `${at}._id`, 'own', 'never', { note: 'the server numbers steps itself' }),
  ];
}

/** Routers with their branches; the names they give each other are no ids, even where they look like some. */
export function routers(type: ResourceType, at: string): ReferenceRow[] {
  return [
    ...steps(type, `${at}[].branches[].pageProcessors[]`),
    row(type, `${at}[].script._scriptId`, 'script', 'needs', { note: 'routes by script' }),
    row(type, `${at}[].id`, 'local', 'never', { note: 'unique in its document' }),
    row(type, `${at}[].nextRouterId`, 'local', 'never', { note: 'a router of the same document' }),
    row(type, `${at}[].branches[].branchId`, 'local', 'never'),
    row(type, `${at}[].branches[].nextRouterId`, 'local', 'never', { note: 'a router of the same document' }),
  ];
}

/** Alias lists: names given to resources. */
export function aliases(type: ResourceType): ReferenceRow[] {
  const alias: RowExtras = { deferrable: true, omit: 'element' };
  return [
    row(type, 'aliases[]._connectionId', 'connection', 'alias', alias),
    row(type, 'aliases[]._exportId', 'export', 'alias', alias),
    row(type, 'aliases[]._importId', 'import', 'alias', alias),
    row(type, 'aliases[]._flowId', 'flow', 'alias', alias),
    row(type, 'aliases[]._lookupCacheId', 'lookupcache', 'alias', alias),
    row(type, 'aliases[].alias', 'local', 'never', { note: 'the name that scripts use' }),
  ];
}

/** What a step that calls a tool puts in the place of the tool's own resources. */
export function toolOverrides(type: ResourceType, at: string): ReferenceRow[] {
  const element: RowExtras = { omit: 'element' };
  return [
    row(type, `${at}.connections[]._abstractId`, 'connection', 'mapped', element),
    row(type, `${at}.connections[]._id`, 'connection', 'mapped', element),
    row(type, `${at}.connections[]._borrowConcurrencyFromConnectionId`, 'connection', 'mapped'),
    row(type, `${at}.exports[]._abstractId`, 'export', 'needs', element),
    row(type, `${at}.exports[]._id`, 'export', 'needs', element),
    row(type, `${at}.exports[]._connectionId`, 'connection', 'mapped'),
    row(type, `${at}.imports[]._abstractId`, 'import', 'needs', element),
    row(type, `${at}.imports[]._connectionId`, 'connection', 'mapped'),
    row(type, `${at}.routers[]._abstractId`, 'local', 'never', { note: 'a router of the tool' }),
    row(type, `${at}.routers[].branches[]._abstractId`, 'local', 'never', { note: 'a branch of the tool' }),
  ];
}

/** A folder: integrator.io's own only for its own assistant, else the storage provider's. */
export function directory(type: ResourceType): ReferenceRow[] {
  return [
    row(type, 'file.directory.id', 'storage', 'mapped', {
      when: { path: 'assistant', equals: 'integratorceligoapi' },
      note: "a folder of integrator.io's own storage",
    }),
    row(type, 'file.directory.id', 'foreign', 'never', { note: "the storage provider's folder" }),
  ];
}
