import type { Pair } from '../../core/ports.ts';

/**
 * How many partition keys a pair's rows are spread over. DynamoDB takes 1,000 writes of a kilobyte a second for one
 * partition key; 300 creates a second, the most that a target account takes, are some 1,500 of these. More would
 * only have to be asked for, one by one.
 */
export const SHARDS = 4;

/** Joins the parts of a key. `#` within a part is escaped, so that no two lists of parts give one key. */
export function join(...parts: string[]): string {
  return parts.map((part) => part.replaceAll('%', '%25').replaceAll('#', '%23')).join('#');
}

/** Undoes `join`. */
export function split(key: string): string[] {
  return key.split('#').map((part) => part.replaceAll('%23', '#').replaceAll('%25', '%'));
}

/** A number as text that sorts as the number does, up to ten digits. */
export function padded(value: number): string {
  return String(value).padStart(10, '0');
}

/**
 * Which of the shards an id belongs to, as two digits. Ids made in one second differ little: hence a hash (FNV-1a,
 * folded). It is part of every key that is stored and must stay as it is.
 */
export function shardOf(id: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  return shardName(((hash ^ (hash >>> 16)) >>> 0) % SHARDS);
}

export function shardName(shard: number): string {
  return String(shard).padStart(2, '0');
}

/** Names of all shards. */
export const ALL_SHARDS: readonly string[] = Array.from({ length: SHARDS }, (_, shard) => shardName(shard));

/** The partition of a pair's rows and documents for one shard of source ids. */
export function ledgerPartition(pair: Pair, shard: string): string {
  return join('ledger', pair.source, pair.target, shard);
}

/** The partition that tells who owns an object of a target account, for one shard of target ids. */
export function ownerPartition(targetKey: string, shard: string): string {
  return join('owner', targetKey, shard);
}

/** The partition of all that is stored of a clone. */
export function clonePartition(cloneId: string): string {
  return join('clone', cloneId);
}
