import type { Patches } from '../../core/model/request.ts';
import { RESOURCE_TYPES, type ResourceType } from '../../core/model/resource.ts';
import type { LedgerRow, Pair } from '../../core/ports.ts';
import { type Item, type Key, number, optionalText, text } from './attributes.ts';
import { join, ledgerPartition, ownerPartition, shardOf } from './keys.ts';

/** Where the row of one outcome lives. Two outcomes of one source object are two rows. */
export function rowKey(pair: Pair, row: { sourceId: string; targetId: string }): Key {
  return {
    pk: ledgerPartition(pair, shardOf(row.sourceId)),
    sk: join('row', row.sourceId, row.targetId),
  };
}

/** Where the document last applied lives: apart from its row, so that rows are read without documents. */
export function documentKey(pair: Pair, row: { sourceId: string; targetId: string }): Key {
  return { pk: ledgerPartition(pair, shardOf(row.sourceId)), sk: join('doc', row.sourceId, row.targetId) };
}

/** Where it is told that a row owns an object of the target account, to be found by that object's id. */
export function ownerKey(pair: Pair, row: { sourceId: string; targetId: string }): Key {
  return {
    pk: ownerPartition(pair.target, shardOf(row.targetId)),
    sk: join('own', row.targetId, pair.source, row.sourceId),
  };
}

export function toRowItem(pair: Pair, row: LedgerRow, epoch: number): Item {
  return {
    ...rowKey(pair, row),
    sourceId: row.sourceId,
    targetId: row.targetId,
    type: row.type,
    name: row.name,
    cloneId: row.cloneId,
    made: row.made,
    sourceHash: row.sourceHash,
    sourceModified: row.sourceModified,
    textIds: row.textIds,
    appliedHash: row.appliedHash,
    storedHash: row.storedHash,
    targetModified: row.targetModified,
    overrides: row.overrides && JSON.stringify(row.overrides),
    syncOverrides: row.syncOverrides,
    edited: row.edited,
    disputed: row.disputed && JSON.stringify(row.disputed),
    sync: row.sync,
    pruned: row.pruned,
    at: row.at,
    epoch,
  };
}

function resourceType(value: string): ResourceType {
  const type = RESOURCE_TYPES.find((known) => known === value);
  if (!type) throw new Error(`The ledger holds a row of the unknown type "${value}".`);
  return type;
}

export function toRow(item: Item): LedgerRow {
  const row: LedgerRow = {
    sourceId: text(item, 'sourceId'),
    targetId: text(item, 'targetId'),
    type: resourceType(text(item, 'type')),
    name: text(item, 'name'),
    cloneId: text(item, 'cloneId'),
    made: item['made'] === true,
    sourceHash: text(item, 'sourceHash'),
    appliedHash: text(item, 'appliedHash'),
    at: text(item, 'at'),
  };
  for (const name of ['textIds', 'edited', 'syncOverrides'] as const)
    if (item[name] === true) row[name] = true;
  const pruned = optionalText(item, 'pruned');
  if (pruned === 'disabled' || pruned === 'kept') row.pruned = pruned;
  const disputed = optionalText(item, 'disputed');
  if (disputed !== undefined) row.disputed = JSON.parse(disputed) as Record<string, string>;
  const overrides = optionalText(item, 'overrides');
  if (overrides !== undefined) row.overrides = JSON.parse(overrides) as Patches;
  for (const name of ['sourceModified', 'storedHash', 'targetModified', 'sync'] as const) {
    const value = optionalText(item, name);
    if (value !== undefined) row[name] = value;
  }
  return row;
}

/**
 * Of several outcomes of one source object the newest counts: that of the higher epoch, since epochs are handed out
 * in order and clocks are not; within one epoch the later one.
 */
export function newestBySource(items: readonly Item[]): Map<string, Item> {
  const newest = new Map<string, Item>();
  for (const item of items) {
    const sourceId = text(item, 'sourceId');
    const other = newest.get(sourceId);
    if (!other || isNewer(item, other)) newest.set(sourceId, item);
  }
  return newest;
}

function isNewer(item: Item, other: Item): boolean {
  const epochs = number(item, 'epoch') - number(other, 'epoch');
  if (epochs !== 0) return epochs > 0;
  if (text(item, 'at') !== text(other, 'at')) return text(item, 'at') > text(other, 'at');
  return text(item, 'targetId') > text(other, 'targetId');
}
