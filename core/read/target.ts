import { forEachConcurrently } from '../model/concurrent.ts';
import type { CloneRequest } from '../model/request.ts';
import { type Document, nameOf, RESOURCE_TYPES, type ResourceType } from '../model/resource.ts';
import type { Account, Ledger, LedgerRow, Pair } from '../ports.ts';
import { type Copy, PROJECTION, readCopiesOf } from './copies.ts';
import { EarlyRows } from './early-rows.ts';
import { STANDALONE } from './facts.ts';
import { BULK_FROM } from './fetch.ts';
import { type Neighbours, readNeighbours } from './neighbours.ts';
import type { SourceSnapshot } from './source.ts';

/** What the plan must know of the target account. */
export interface TargetSnapshot {
  /** What became of the closure in earlier clones, by source id. */
  rows: Map<string, LedgerRow>;
  /** Copies that are still there, by target id. */
  copies: Map<string, Copy>;
  /** Ids the request maps to that exist, with the document found. */
  mapped: Map<string, Document>;
  /** Connections of the account; read only when names must be matched or suggested. */
  connections?: Named[];
  /** Resources that could be taken over by name, by type; read only for `adopt: "match-name"`. */
  adoptable?: Map<ResourceType, Named[]>;
  /** The account's own integration for flows that belong to none. */
  standalone?: Document;
  /** Copies of what lies beside the closure and is named by it. */
  neighbours?: Neighbours;
  /** Of the ids that `adopt` names those that are a clone's copies already, whatever their source. */
  owned?: ReadonlySet<string>;
}

export interface Named {
  id: string;
  name: string;
  /** A connection's own `type`, such as `http`. */
  connectionType?: string | undefined;
}

/** Reads of the target that are open at once. */
const OPEN_READS = 256;

const TYPES: ReadonlySet<string> = new Set(RESOURCE_TYPES);

/** What was begun before the closure was known. */
export interface EarlyReads {
  /** Documents of the target that the request names, by id. */
  documents: ReadonlyMap<string, Promise<Document | undefined>>;
  rows: EarlyRows;
}

/**
 * Begins the reads of the target that the request alone tells, so that they overlap with the source's. Of a map so
 * large that its collection will be read in pages, nothing is begun.
 */
export function beginReads(account: Account, request: CloneRequest): EarlyReads['documents'] {
  const wanted = new Map<string, ResourceType>();
  for (const id of Object.values(request.connectionMap)) wanted.set(id, 'connection');
  if (wanted.size >= BULK_FROM) return new Map();
  if (request.target.integrationId !== undefined) wanted.set(request.target.integrationId, 'integration');
  return new Map(
    [...wanted].map(([id, type]) => {
      const read = account.get(type, id);
      // Whoever needs it is told; a clone that is refused for another reason needs it no more.
      read.catch(() => undefined);
      return [id, read];
    }),
  );
}

/**
 * Reads what the target holds of the closure, and what the request maps to.
 *
 * @param bulkFrom from how many of one type on pages of the collection are read
 */
export async function readTarget(
  account: Account,
  ledger: Ledger,
  pair: Pair,
  request: CloneRequest,
  source: SourceSnapshot,
  bulkFrom: number = BULK_FROM,
  early: EarlyReads = { documents: new Map(), rows: new EarlyRows(ledger, Promise.resolve(pair)) },
): Promise<TargetSnapshot> {
  const ids = [...source.entries.keys(), ...source.unread.keys()];
  const snapshot: TargetSnapshot = {
    rows: await early.rows.of(ids),
    copies: new Map(),
    mapped: new Map(),
  };
  const [neighbours] = await Promise.all([
    readNeighbours(account, ledger, pair, request, source, bulkFrom),
    readCopies(account, snapshot, request, source, bulkFrom),
    readOwned(ledger, pair, snapshot, request),
    readMapped(account, snapshot, request, source, bulkFrom, early.documents),
    readConnections(account, snapshot, pair, request, source),
    readStandalone(account, snapshot, request, source),
    readAdoptable(account, ledger, pair, snapshot, request, source),
  ]);
  if (neighbours.size > 0) snapshot.neighbours = neighbours;
  return snapshot;
}

async function readCopies(
  account: Account,
  snapshot: TargetSnapshot,
  request: CloneRequest,
  source: SourceSnapshot,
  bulkFrom: number,
): Promise<void> {
  const byType = new Map<ResourceType, Map<string, LedgerRow | undefined>>();
  const want = (type: ResourceType, id: string, row: LedgerRow | undefined): void => {
    const wanted = byType.get(type);
    if (wanted) wanted.set(id, row);
    else byType.set(type, new Map([[id, row]]));
  };
  for (const row of snapshot.rows.values()) want(row.type, row.targetId, row);
  if (typeof request.adopt === 'object') {
    for (const [sourceId, targetId] of Object.entries(request.adopt)) {
      // Also where the ledger names a copy: that one may be gone.
      const entry = source.entries.get(sourceId);
      if (entry && snapshot.rows.get(sourceId)?.targetId !== targetId) want(entry.type, targetId, undefined);
    }
  }
  await Promise.all(
    [...byType].map(([type, wanted]) => readCopiesOf(account, snapshot.copies, type, wanted, bulkFrom)),
  );
}

async function readOwned(
  ledger: Ledger,
  pair: Pair,
  snapshot: TargetSnapshot,
  { adopt }: CloneRequest,
): Promise<void> {
  if (typeof adopt !== 'object' || Object.keys(adopt).length === 0) return;
  snapshot.owned = await ledger.owned(pair, Object.values(adopt));
}

async function readMapped(
  account: Account,
  snapshot: TargetSnapshot,
  request: CloneRequest,
  source: SourceSnapshot,
  bulkFrom: number,
  early: EarlyReads['documents'],
): Promise<void> {
  const wanted = new Map<string, ResourceType>();
  const used = usedIds(source);
  for (const [sourceId, targetId] of Object.entries(request.connectionMap)) {
    if (used.has(sourceId)) wanted.set(targetId, 'connection');
  }
  for (const [sourceId, targetId] of Object.entries(request.idMap)) {
    const type = used.get(sourceId);
    if (type !== undefined && TYPES.has(type)) wanted.set(targetId, type as ResourceType);
  }
  if (request.target.integrationId !== undefined) wanted.set(request.target.integrationId, 'integration');
  const byType = Map.groupBy(wanted, ([, type]) => type);
  await Promise.all(
    [...byType].map(async ([type, pairs]) => {
      const rest = new Set(pairs.map(([id]) => id));
      if (rest.size >= bulkFrom) {
        for await (const page of account.list(type)) {
          for (const document of page)
            if (rest.delete(document._id)) snapshot.mapped.set(document._id, document);
          if (rest.size === 0) break;
        }
      }
      await forEachConcurrently(rest, OPEN_READS, async (id) => {
        const document = await (early.get(id) ?? account.get(type, id));
        if (document !== undefined) snapshot.mapped.set(id, document);
      });
    }),
  );
}

/** Every id the closure refers to, with the type it is referred to as; also those the request maps away. */
export function usedIds(source: SourceSnapshot): Map<string, string> {
  const used = new Map<string, string>();
  for (const entry of source.entries.values()) {
    used.set(entry.id, entry.type);
    for (const reference of entry.references) {
      if (reference.valid && reference.row.kind !== 'inside') used.set(String(reference.id), reference.to);
    }
  }
  return used;
}

/** Source connections for which the request names no target. The stub that the ledger names may be gone. */
function openConnections(source: SourceSnapshot, request: CloneRequest, sameAccount: boolean): string[] {
  if (sameAccount) return [];
  return [...source.entries.values()]
    .filter((entry) => entry.type === 'connection')
    .map((entry) => entry.id)
    .filter((id) => !Object.hasOwn(request.connectionMap, id) && !Object.hasOwn(request.idMap, id));
}

async function readConnections(
  account: Account,
  snapshot: TargetSnapshot,
  pair: Pair,
  request: CloneRequest,
  source: SourceSnapshot,
): Promise<void> {
  if (request.connections === 'stub') return;
  if (openConnections(source, request, pair.source === pair.target).length === 0) return;
  snapshot.connections = await readNamed(account, 'connection', ['name', 'type']);
}

async function readNamed(account: Account, type: ResourceType, include: readonly string[]): Promise<Named[]> {
  const named: Named[] = [];
  for await (const page of account.list(type, { include })) {
    for (const document of page) {
      const connectionType = type === 'connection' ? document['type'] : undefined;
      named.push({
        id: document._id,
        name: nameOf(document),
        connectionType: typeof connectionType === 'string' ? connectionType : undefined,
      });
    }
  }
  return named;
}

async function readStandalone(
  account: Account,
  snapshot: TargetSnapshot,
  request: CloneRequest,
  source: SourceSnapshot,
): Promise<void> {
  if (request.target.integrationId !== undefined) return;
  const entries = [...source.entries.values()];
  const needed =
    entries.some((entry) => entry.type === 'integration' && entry.name === STANDALONE) ||
    entries.some((entry) => entry.type === 'flow' && !entry.references.some(isIntegration));
  if (!needed) return;
  for await (const page of account.list('integration', { include: PROJECTION.integration ?? [] })) {
    const found = page.find((document) => document['name'] === STANDALONE);
    if (found === undefined) continue;
    snapshot.standalone = found;
    return;
  }
}

function isIntegration(reference: { to: string; pointer: string }): boolean {
  return reference.to === 'integration' && reference.pointer === '/_integrationId';
}

async function readAdoptable(
  account: Account,
  ledger: Ledger,
  pair: Pair,
  snapshot: TargetSnapshot,
  request: CloneRequest,
  source: SourceSnapshot,
): Promise<void> {
  if (request.adopt !== 'match-name') return;
  const types = new Set<ResourceType>();
  for (const entry of source.entries.values()) {
    if (!snapshot.rows.has(entry.id) && ADOPTABLE.has(entry.type)) types.add(entry.type);
  }
  const adoptable = new Map<ResourceType, Named[]>();
  await Promise.all(
    [...types].map(async (type) => {
      const named = await readNamed(account, type, ['name']);
      const owned = await ledger.owned(
        pair,
        named.map(({ id }) => id),
      );
      // Within one account an original is no copy of itself or of another.
      const isOriginal = (id: string): boolean => pair.source === pair.target && source.entries.has(id);
      adoptable.set(
        type,
        named.filter(({ id }) => !owned.has(id) && !isOriginal(id)),
      );
    }),
  );
  snapshot.adoptable = adoptable;
  const wanted = new Map<ResourceType, Map<string, undefined>>();
  for (const entry of source.entries.values()) {
    if (snapshot.rows.has(entry.id)) continue;
    const matches = (adoptable.get(entry.type) ?? []).filter(({ name }) => name === entry.name);
    const only = matches.length === 1 ? matches[0] : undefined;
    if (only === undefined) continue;
    const ids = wanted.get(entry.type);
    if (ids) ids.set(only.id, undefined);
    else wanted.set(entry.type, new Map([[only.id, undefined]]));
  }
  await Promise.all([...wanted].map(([type, ids]) => readCopiesOf(account, snapshot.copies, type, ids)));
}

/** Types a clone makes copies of, and so may take over. Connections have their own rule. */
const ADOPTABLE: ReadonlySet<ResourceType> = new Set([
  'integration',
  'flow',
  'export',
  'import',
  'script',
  'asynchelper',
  'filedefinition',
  'lookupcache',
  'ediprofile',
  'tool',
]);
