import { FlowferryError } from '../model/problem.ts';
import type { CloneRequest } from '../model/request.ts';
import type { Document, JsonObject } from '../model/resource.ts';
import type { SyncOrder } from '../model/sync.ts';
import type { Snapshot } from '../plan/snapshot.ts';
import type { Account, Ledger, Pair } from '../ports.ts';
import type { EarlyRows } from '../read/early-rows.ts';
import { type Entry, entryOf } from '../read/entry.ts';
import { BULK_FROM, beginPages, fetchMany } from '../read/fetch.ts';
import { readSource, type ScriptFilter, type SourceSnapshot, type UnreadScript } from '../read/source.ts';
import { findStrays } from '../read/strays.ts';
import { type EarlyReads, readTarget, type TargetSnapshot } from '../read/target.ts';
import type { ClonePorts } from './contract.ts';

/** Both accounts of a clone, opened. */
export interface Accounts {
  source: Account;
  target: Account;
}

export async function openAccounts(ports: ClonePorts, request: CloneRequest): Promise<Accounts> {
  const [source, target] = await Promise.all(
    [request.source.account, request.target.account].map((name) =>
      ports.accounts.open(name, { rateShare: request.rateShare }),
    ),
  );
  if (!source || !target) throw new FlowferryError('account_not_found', 'An account could not be opened.');
  return { source, target };
}

/**
 * The pair the ledger knows both accounts by. Refuses (`account_changed`) a name that stands for another account
 * than the one the ledger holds rows for: copies would be looked for, and undone, in the wrong place.
 */
export async function identify(
  ports: Pick<ClonePorts, 'bindings' | 'ledger'>,
  accounts: Accounts,
  order?: SyncOrder,
): Promise<Pair> {
  // A sync's run asked the source once, for all of its targets.
  if (order !== undefined) {
    const { key } = await accounts.target.identity();
    await checkBinding(ports, accounts.target.name, key);
    return { source: order.sourceKey, target: key };
  }
  const [source, target] = await Promise.all([accounts.source.identity(), accounts.target.identity()]);
  await Promise.all([
    checkBinding(ports, accounts.source.name, source.key),
    checkBinding(ports, accounts.target.name, target.key),
  ]);
  return { source: source.key, target: target.key };
}

export async function checkBinding(
  ports: Pick<ClonePorts, 'bindings' | 'ledger'>,
  name: string,
  key: string,
): Promise<void> {
  const bound = await ports.bindings.boundTo(name);
  if (bound === undefined || bound === key) return;
  if ((await ports.ledger.pairsOf(bound)).length === 0) return;
  throw new FlowferryError(
    'account_changed',
    `The account "${name}" is not the one that the ledger holds copies for: it was pointed at another integrator.io account.`,
  );
}

/** Reads the source's side. The pair may come later: it is only asked for when many scripts are in the closure. */
export function readSourceSide(
  ports: ClonePorts,
  accounts: Accounts,
  pair: Promise<Pair>,
  request: CloneRequest,
  rows: EarlyRows,
): Promise<SourceSnapshot> {
  const filter = unchangedScripts(ports, accounts, pair, request);
  return readSource(accounts.source, request, filter, undefined, (ids) => rows.begin(ids));
}

/** Reads what is left once the closure is known, and puts the snapshot together. */
export async function readTargetSide(
  ports: ClonePorts,
  accounts: Accounts,
  pair: Pair,
  request: CloneRequest,
  source: SourceSnapshot,
  early?: EarlyReads,
): Promise<Snapshot> {
  const strays = findStrays(accounts.source, source);
  const target = await readTarget(accounts.target, ports.ledger, pair, request, source, undefined, early);
  const [applied, packages] = await Promise.all([
    readApplied(ports.ledger, pair, target),
    readPackages(accounts.target, pair, source, target, request),
    readChangedScripts(accounts.source, request, source, target),
  ]);
  return { pair, request, source, target, applied, strays: await strays, packages };
}

/**
 * Scripts are only whole when read one by one. Where many are in the closure, the ledger and a list tell which of
 * them are still the version that was copied.
 */
function unchangedScripts(
  ports: ClonePorts,
  accounts: Accounts,
  pair: Promise<Pair>,
  request: CloneRequest,
): ScriptFilter {
  let listed: Promise<readonly Document[]> | undefined;
  return async (ids) => {
    const unchanged = new Map<string, UnreadScript>();
    const isSelected = request.overrides.some(
      ({ select }) => select.type === undefined || select.type === 'script',
    );
    if (ids.length < BULK_FROM || isSelected) return unchanged;
    const rows = await ports.ledger.rows(await pair, ids);
    for (const [id, row] of rows) if (row.textIds || row.sourceModified === undefined) rows.delete(id);
    if (rows.size < BULK_FROM) return unchanged;
    // They are asked about in lots, as pages of their users arrive; the list is the same for all.
    listed ??= all(beginPages(accounts.source, 'script', rows.size, { include: ['lastModified'] }));
    for (const { _id, name, lastModified } of await listed) {
      const row = rows.get(_id);
      if (row === undefined || typeof lastModified !== 'string' || row.sourceModified !== lastModified)
        continue;
      unchanged.set(_id, { id: _id, name: String(name ?? row.name), modified: lastModified });
    }
    return unchanged;
  };
}

async function all(pages: AsyncIterable<readonly Document[]>): Promise<Document[]> {
  const documents: Document[] = [];
  for await (const page of pages) documents.push(...page);
  return documents;
}

/** A copy that was written to since, or is gone, needs its source after all. */
async function readChangedScripts(
  account: Account,
  request: CloneRequest,
  source: SourceSnapshot,
  target: TargetSnapshot,
): Promise<void> {
  const needed = [...source.unread.keys()].filter((id) => {
    const row = target.rows.get(id);
    return !(row && target.copies.get(row.targetId)?.asApplied);
  });
  const missing = await fetchMany(account, 'script', needed, (document) => {
    const entry = entryOf('script', document, request);
    source.entries.set(entry.id, entry);
  });
  for (const id of needed) source.unread.delete(id);
  for (const id of missing) source.missing.set(id, 'script');
}

async function readApplied(
  ledger: Ledger,
  pair: Pair,
  target: TargetSnapshot,
): Promise<Map<string, JsonObject>> {
  const written = [...target.rows.values()].filter(
    (row) => target.copies.get(row.targetId)?.asApplied === false,
  );
  if (written.length === 0) return new Map();
  return ledger.applied(
    pair,
    written.map(({ sourceId }) => sourceId),
  );
}

/** Asks for the package behind each connection of the target that a distributed step will use. */
async function readPackages(
  account: Account,
  pair: Pair,
  source: SourceSnapshot,
  target: TargetSnapshot,
  request: CloneRequest,
): Promise<Map<string, boolean | undefined>> {
  const connections = new Set<string>();
  for (const entry of source.entries.values()) {
    if (!entry.facts.distributed) continue;
    const reference = entry.references.find(({ pointer }) => pointer === '/_connectionId');
    const connection = source.entries.get(String(reference?.id));
    const targetId =
      connection === undefined
        ? request.idMap[String(reference?.id)]
        : connectionThere(connection, pair, target, request);
    if (targetId !== undefined) connections.add(targetId);
  }
  const answers = await Promise.all(
    [...connections].map(async (id) => [id, await account.hasDistributedPackage(id)] as const),
  );
  return new Map(answers);
}

/** The connection of the target that will stand for one of the source, as far as there is one already. */
function connectionThere(
  { id, name, facts }: Entry,
  pair: Pair,
  target: TargetSnapshot,
  request: CloneRequest,
): string | undefined {
  const row = target.rows.get(id);
  const known = request.idMap[id] ?? request.connectionMap[id] ?? row?.targetId;
  if (known !== undefined) return known;
  if (pair.source === pair.target) return id;
  const matches = (target.connections ?? []).filter(
    (one) => one.name === name && one.connectionType === facts.connectionType,
  );
  return matches.length === 1 ? matches[0]?.id : undefined;
}
