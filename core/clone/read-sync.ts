import type { CloneRequest } from '../model/request.ts';
import type { ResourceType } from '../model/resource.ts';
import type { SyncOrder } from '../model/sync.ts';
import { decideFates } from '../plan/decide.ts';
import { Differ } from '../plan/differ.ts';
import { Findings } from '../plan/findings.ts';
import { groupsOf, usedGroups } from '../plan/groups.ts';
import { isSettled } from '../plan/prune.ts';
import type { GoneCopy, Snapshot, SyncSnapshot } from '../plan/snapshot.ts';
import type { LedgerRow, Pair } from '../ports.ts';
import { fetchMany, SYNC_BULK_FROM } from '../read/fetch.ts';
import { type FrozenSource, thaw } from '../read/frozen.ts';
import { narrowed, type SourceSnapshot } from '../read/source.ts';
import { readTarget } from '../read/target.ts';
import { usersOf } from '../read/users.ts';
import type { ClonePorts } from './contract.ts';
import { RefusedError } from './errors.ts';
import type { Accounts } from './read-all.ts';

/** Name of the stored part that holds the source as a run read it. */
export const SOURCE_PART = 'source';

/** The source as the run read it, narrowed to what this target's request comes to. */
export async function storedSource(
  ports: Pick<ClonePorts, 'clones'>,
  order: SyncOrder,
  request: CloneRequest,
): Promise<{ source: SourceSnapshot; strays: Set<string> }> {
  const frozen = await ports.clones.getPart<FrozenSource>(order.runId, SOURCE_PART);
  if (frozen === undefined) {
    const message = 'The run of the sync that this clone belongs to is over.';
    throw new RefusedError('run_over', message, [{ code: 'run_over', message }]);
  }
  const { source, strays } = thaw(frozen);
  return { source: narrowed(source, request), strays };
}

/**
 * Reads what merging needs of a target: list pages tell which copies nobody touched, and only what was moved on
 * either side is read whole.
 *
 * @returns the snapshot, with the overrides in its request that an earlier clone remembered, where the sync has none.
 */
export async function readSyncTarget(
  ports: ClonePorts,
  accounts: Accounts,
  pair: Pair,
  request: CloneRequest,
  order: SyncOrder,
  { source, strays }: { source: SourceSnapshot; strays: Set<string> },
): Promise<Snapshot> {
  const [target, sync] = await Promise.all([
    readTarget(accounts.target, ports.ledger, pair, request, source, SYNC_BULK_FROM),
    readGone(ports, accounts, pair, request, order, source),
  ]);
  const snapshot: Snapshot = {
    pair,
    request: withRemembered(request, [...target.rows.values()]),
    source,
    target,
    applied: new Map(),
    strays,
    packages: new Map(),
    sync,
  };
  await readMoved(ports, accounts, snapshot);
  return snapshot;
}

/**
 * Overrides of a clone belong to the copies they were applied to: as long as the sync gives none, they stay as they
 * were. Those that the sync itself gave are gone when it gives none any more.
 */
function withRemembered(request: CloneRequest, rows: readonly LedgerRow[]): CloneRequest {
  if (request.overrides.length > 0) return request;
  const overrides = rows
    .filter(({ syncOverrides }) => syncOverrides !== true)
    .flatMap(({ sourceId, overrides: patches }) =>
      (patches ?? []).map((patch) => ({ select: { sourceId }, patch })),
    );
  return overrides.length === 0 ? request : { ...request, overrides };
}

/** Reads whole what moved: copies somebody wrote to are so already, those whose source moved are not. */
async function readMoved(ports: ClonePorts, accounts: Accounts, snapshot: Snapshot): Promise<void> {
  const { target, source } = snapshot;
  const findings = new Findings();
  const fates = decideFates(snapshot, findings);
  const differ = new Differ(snapshot, fates, usedGroups(snapshot, fates, groupsOf(snapshot)), findings);
  const moved: string[] = [];
  const partial = new Map<ResourceType, string[]>();
  for (const [id, fate] of fates) {
    const entry = source.entries.get(id);
    if (fate.kind !== 'copy' || entry === undefined || fate.row === undefined) continue;
    const isSame = fate.row.sourceHash === differ.inputHash({ id, type: fate.type, name: entry.name }, entry);
    if (isSame && fate.copy.asApplied) continue;
    moved.push(id);
    if (!fate.copy.asApplied) continue;
    const ids = partial.get(fate.type);
    if (ids) ids.push(fate.targetId);
    else partial.set(fate.type, [fate.targetId]);
  }
  const [applied] = await Promise.all([
    moved.length === 0 ? new Map() : ports.ledger.applied(snapshot.pair, moved),
    ...[...partial].map(([type, ids]) =>
      fetchMany(accounts.target, type, ids, (document) => {
        target.copies.set(document._id, { asApplied: true, document });
      }),
    ),
  ]);
  snapshot.applied = applied;
}

async function readGone(
  ports: ClonePorts,
  accounts: Accounts,
  pair: Pair,
  request: CloneRequest,
  order: SyncOrder,
  source: SourceSnapshot,
): Promise<SyncSnapshot> {
  const chosen = [...(request.source.flowIds ?? []), ...(request.source.integrationIds ?? [])];
  const lost = chosen.filter((id) => source.missing.has(id));
  const chosenBefore = new Set((await ports.ledger.rows(pair, lost)).keys());
  const nothing = { order, gone: [], users: new Map(), copies: 0, chosenBefore };
  if (order.prune === 'keep') return nothing;
  const rows: LedgerRow[] = [];
  let copies = 0;
  for await (const page of ports.ledger.allRows(pair)) {
    for (const row of page) {
      if (row.sync !== order.sync || !row.made) continue;
      copies += 1;
      if (!source.entries.has(row.sourceId) && !isSettled(row, order.prune)) rows.push(row);
    }
  }
  if (rows.length === 0) return { ...nothing, copies };
  const ids = new Set(rows.map(({ targetId }) => targetId));
  const [gone, users] = await Promise.all([
    readCopies(accounts, rows),
    order.prune === 'delete' ? usersOf(accounts.target, ids) : nothing.users,
  ]);
  return { ...nothing, gone, users, copies };
}

async function readCopies(accounts: Accounts, rows: readonly LedgerRow[]): Promise<GoneCopy[]> {
  const documents = new Map<string, GoneCopy['document']>();
  await Promise.all(
    [...Map.groupBy(rows, ({ type }) => type)].map(([type, some]) =>
      fetchMany(
        accounts.target,
        type,
        some.map(({ targetId }) => targetId),
        (document) => {
          documents.set(document._id, document);
        },
      ),
    ),
  );
  return rows.map((row) => ({ row, document: documents.get(row.targetId) }));
}
