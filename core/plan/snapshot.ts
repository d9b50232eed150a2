import type { CloneRequest } from '../model/request.ts';
import type { Document, JsonObject } from '../model/resource.ts';
import type { SyncOrder } from '../model/sync.ts';
import type { LedgerRow, Pair } from '../ports.ts';
import type { SourceSnapshot } from '../read/source.ts';
import type { TargetSnapshot } from '../read/target.ts';
import type { Users } from '../read/users.ts';

/** All that a plan is made from: the closure, what the target holds of it, and what was asked for. */
export interface Snapshot {
  pair: Pair;
  request: CloneRequest;
  source: SourceSnapshot;
  target: TargetSnapshot;
  /** What was last applied to copies that were written to since, by source id. */
  applied: Map<string, JsonObject>;
  /** Ids in text that are ids of the source account outside the closure. */
  strays: Set<string>;
  /** Whether the package a distributed step needs is there, by target connection; `undefined`: not told. */
  packages: Map<string, boolean | undefined>;
  /** For a clone of a sync's run: how copies are merged, and what the sync copied before. */
  sync?: SyncSnapshot | undefined;
}

/** What a sync knows of one target besides the closure. */
export interface SyncSnapshot {
  order: SyncOrder;
  /** Copies of the sync whose source is no longer in the closure, with what they were made from. */
  gone: readonly GoneCopy[];
  /** What in the target names any of these, where they may be deleted. */
  users: Users;
  /** How many copies the sync keeps in this target. */
  copies: number;
  /** Ids that were chosen and are gone from the source, but were copied before. */
  chosenBefore: ReadonlySet<string>;
}

export interface GoneCopy {
  row: LedgerRow;
  /** As it stands; `undefined`: gone from the target, too. */
  document: Document | undefined;
}

/** Whether source and target are one account. */
export function isSameAccount(snapshot: Snapshot): boolean {
  return snapshot.pair.source === snapshot.pair.target;
}
