import { collectionOf, type Document, type JsonObject } from '../../../core/model/resource.ts';
import { REFERENCES, type ReferenceRow } from '../../../core/references/index.ts';
import {
  bareDocuments,
  CONNECTIONS,
  EXPORTS,
  FLOWS,
  IMPORTS,
  ROUTERS,
  TRANSPORTS,
} from './fixture-documents.ts';
import { idOf } from './ids.ts';

/** Where a row was filled in. */
export interface Planted {
  row: ReferenceRow;
  collection: string;
  documentId: string;
  /** JSON Pointer to the value. */
  pointer: string;
  value: string;
}

/**
 * An account that has every row of the table at least once. Ids in reference places resolve within it, those of
 * topics, storage, agent groups and the like aside, which are no collections of it.
 *
 * @param keep leaves out the rows for which it is false
 */
export function fixtureAccount(
  keep: (row: ReferenceRow) => boolean = () => true,
): Record<string, Document[]> {
  return plant(keep).account;
}

/** The same, and where each row is. */
export function plant(keep: (row: ReferenceRow) => boolean = () => true): {
  account: Record<string, Document[]>;
  planted: Planted[];
} {
  const account = bareDocuments();
  const planted = REFERENCES.filter((row) => keep(row) && row.path !== '_id').map((row): Planted => {
    const host = hostOf(row);
    const document = account[host.collection]?.find((candidate) => candidate._id === host.id);
    if (document === undefined) throw new Error(`There is no host for ${row.in} ${row.path}`);
    const value = valueFor(row);
    const pointer = put(document, host.path ?? row.path, value);
    return { row, collection: host.collection, documentId: document._id, pointer, value };
  });
  return { account, planted };
}

interface Host {
  collection: string;
  id: string;
  path?: string;
}

/** The document that a row goes into: one whose kind has such a field. */
function hostOf(row: ReferenceRow): Host {
  switch (row.in) {
    case 'flow':
      return { collection: 'flows', id: idOf('flow', FLOWS[flowFor(row.path)]) };
    case 'export':
      return { collection: 'exports', id: idOf('export', EXPORTS[stepFor(row, 'orders')]) };
    case 'import':
      return { collection: 'imports', id: idOf('import', IMPORTS[importFor(row)]) };
    case 'connection':
      return { collection: 'connections', id: idOf('connection', connectionFor(row.path)) };
    case '*':
      return anywhere(row);
    case 'integration': {
      const path = row.path === 'installSteps[].sourceConnection' ? `${row.path}._id` : row.path;
      return { collection: 'integrations', id: idOf('integration'), path };
    }
    default:
      return { collection: collectionOf(row.in), id: idOf(row.in) };
  }
}

function flowFor(path: string): keyof typeof FLOWS {
  if (path.startsWith('overrides.') || path === '_abstractFlowId') return 'instance';
  if (path.startsWith('overridesHelper.')) return 'abstract';
  if (path.startsWith('routers[]')) return 'branching';
  return /^_(exportId|importId|keepDelta.*)$/.test(path) ? 'legacy' : 'linear';
}

type Step = 'orders' | 'topic' | 'folder' | 'drive' | 'wrapper' | 'edi';

function stepFor(row: ReferenceRow, otherwise: 'orders'): Step | 'loader' {
  if (row.path === 'file.directory.id') return row.when === undefined ? 'drive' : 'folder';
  if (row.path.startsWith('simple.')) return 'loader';
  if (row.path.startsWith('topic.')) return 'topic';
  if (row.path.startsWith('wrapper.')) return 'wrapper';
  return row.path.startsWith('file.') || row.path === '_ediProfileId' ? 'edi' : otherwise;
}

function importFor(row: ReferenceRow): keyof typeof IMPORTS {
  if (row.path.startsWith('tool.')) return 'tool';
  if (row.path.startsWith('aiAgent.')) return 'agent';
  if (row.path.startsWith('guardrail.')) return 'guardrail';
  const step = stepFor(row, 'orders');
  return step === 'loader' ? 'orders' : step;
}

function connectionFor(path: string): number {
  const transport = TRANSPORTS.indexOf(path.split('.')[0] ?? '');
  if (transport >= 0) return transport + 1;
  if (path === '_borrowConcurrencyFromConnectionId') return CONNECTIONS.borrower;
  if (path === '_agentId') return CONNECTIONS.filesystem;
  if (path === '_agentGroupId') return CONNECTIONS.group;
  if (path.startsWith('wrapper.')) return CONNECTIONS.wrapper;
  if (path.startsWith('as2.')) return CONNECTIONS.as2;
  if (path.startsWith('van.')) return CONNECTIONS.van;
  return CONNECTIONS.router;
}

/** Rows of every type: in the settings form of a flow, which holds a whole export; or where they are common. */
function anywhere(row: ReferenceRow): Host {
  const orders = { collection: 'imports', id: idOf('import', IMPORTS.orders) };
  if (row.path === 'netsuite*.**.internalId') return { ...orders, path: 'netsuite_da.mapping.internalId' };
  if (row.path === '**._httpConnector*') return { ...orders, path: 'http._httpConnectorEndpointIds[]' };
  if (!row.path.startsWith('**.')) return { ...orders, path: row.path };
  const linear = { collection: 'flows', id: idOf('flow', FLOWS.linear) };
  return { ...linear, path: row.path.replace('**', 'settingsForm.form.resource.virtual') };
}

/** What the row names. */
function valueFor(row: ReferenceRow): string {
  const { to, path } = row;
  switch (to) {
    case 'flow':
      return idOf('flow', path.endsWith('_abstractFlowId') ? FLOWS.abstract : FLOWS.branching);
    case 'export':
      if (path.endsWith('_postParseListenerId')) return idOf('export', EXPORTS.listener);
      return idOf('export', row.in === 'asynchelper' ? EXPORTS.status : EXPORTS.orders);
    case 'import':
      return idOf('import', row.in === 'tool' ? IMPORTS.tool : IMPORTS.orders);
    case 'connection':
      return idOf('connection', path.endsWith('_mcpConnectionId') ? TRANSPORTS.indexOf('mcp') + 1 : 1);
    case 'integration':
      return idOf('integration', path === '_parentId' ? 2 : 1);
    case 'local':
      return localValue(path);
    case 'catalogue':
    case 'foreign':
    case 'provenance':
    case 'own':
      return idOf('lookalike', 9);
    default:
      return idOf(to);
  }
}

function localValue(path: string): string {
  if (path.endsWith('nextRouterId')) return ROUTERS[1];
  if (path.endsWith('branches[]._abstractId') || path.endsWith('branchId')) return idOf('lookalike', 3);
  return path === 'aliases[].alias' ? 'first' : ROUTERS[0];
}

/** Writes a value where a path of the table points to, making what is missing on the way; gives the pointer. */
function put(document: JsonObject, path: string, value: string): string {
  let pointer = '';
  let holder: unknown = document;
  const steps = path.split('.').flatMap((part) => (part.endsWith('[]') ? [part.slice(0, -2), '[]'] : [part]));
  steps.forEach((step, at) => {
    const list = steps[at - 1] ?? '';
    const key = step === '[]' ? indexFor(path, list, holder as unknown[]) : step;
    const container = holder as Record<string | number, unknown>;
    if (at === steps.length - 1) container[key] = value;
    else container[key] ??= steps[at + 1] === '[]' ? [] : list === 'aliases' ? { alias: `alias${key}` } : {};
    pointer += `/${key}`;
    holder = container[key];
  });
  return pointer;
}

/** Which element of a list a row goes into: aliases have one each, and a step is a lookup or an import. */
function indexFor(path: string, list: string, elements: readonly unknown[]): number {
  if (list === 'aliases') return path.endsWith('.alias') ? 0 : elements.length;
  if (list === 'pageProcessors' && path.endsWith('pageProcessors[]._importId')) return 1;
  return list === 'tools' && path.includes('tools[].mcp') ? 1 : 0;
}
