import { forEachConcurrently } from '../model/concurrent.ts';
import type { CloneRequest } from '../model/request.ts';
import { isObjectId, type ResourceType } from '../model/resource.ts';
import type { Account, Ledger, LedgerRow, Pair } from '../ports.ts';
import { beginPages } from './fetch.ts';
import type { SourceSnapshot } from './source.ts';

/**
 * What lies beside the closure and has a copy in the target all the same, from an earlier clone, by source id: an alias
 * or an id in text that names it is led to that copy, as it was then.
 */
export type Neighbours = Map<string, Pick<LedgerRow, 'type' | 'targetId' | 'name'>>;

/** Reads of the target that are open at once. */
const OPEN_READS = 256;

/**
 * Ids outside the closure that its resources name without needing them: in aliases and in text. What the request maps
 * by hand, and flows whose links it drops, are not among them.
 */
function idsBeside({ entries, unread }: SourceSnapshot, request: CloneRequest): Set<string> {
  const beside = new Set<string>();
  const add = (id: unknown): void => {
    if (!isObjectId(id) || entries.has(id) || unread.has(id)) return;
    if (!Object.hasOwn(request.idMap, id) && !Object.hasOwn(request.connectionMap, id)) beside.add(id);
  };
  const dropped = new Set<unknown>();
  for (const { references, textIds } of entries.values()) {
    for (const { id, row } of references) {
      if (row.kind === 'alias') add(id);
      else if (row.kind === 'linked' && request.linkedFlows === 'drop') dropped.add(id);
    }
    for (const { id } of textIds) add(id);
  }
  for (const id of beside) if (dropped.has(id)) beside.delete(id);
  return beside;
}

/** Of what lies beside the closure only copies count that are still there. */
export async function readNeighbours(
  account: Account,
  ledger: Ledger,
  pair: Pair,
  request: CloneRequest,
  source: SourceSnapshot,
  bulkFrom: number,
): Promise<Neighbours> {
  const beside = idsBeside(source, request);
  if (beside.size === 0) return new Map();
  const rows = [...(await ledger.rows(pair, [...beside])).values()];
  const there = new Set<string>();
  await Promise.all(
    [...Map.groupBy(rows, ({ type }) => type)].map(([type, some]) => {
      const ids = some.map(({ targetId }) => targetId);
      return findThere(account, type, ids, bulkFrom, (id) => there.add(id));
    }),
  );
  const known = rows.filter(({ targetId }) => there.has(targetId));
  return new Map(known.map((row) => [row.sourceId, row]));
}

/** Which of these objects exist: by pages that hold little more than ids, or by id where few are looked for. */
async function findThere(
  account: Account,
  type: ResourceType,
  ids: readonly string[],
  bulkFrom: number,
  onFound: (id: string) => void,
): Promise<void> {
  const rest = new Set(ids);
  if (rest.size >= bulkFrom) {
    for await (const page of beginPages(account, type, rest.size, { include: ['name'] })) {
      for (const { _id } of page) if (rest.delete(_id)) onFound(_id);
      if (rest.size === 0) return;
    }
    return;
  }
  await forEachConcurrently(rest, OPEN_READS, async (id) => {
    if ((await account.get(type, id)) !== undefined) onFound(id);
  });
}
