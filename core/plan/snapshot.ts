import type { CloneRequest } from '../model/request.ts';
import type { JsonObject } from '../model/resource.ts';
import type { Pair } from '../ports.ts';
import type { SourceSnapshot } from '../read/source.ts';
import type { TargetSnapshot } from '../read/target.ts';

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
}

/** Whether source and target are one account. */
export function isSameAccount(snapshot: Snapshot): boolean {
  return snapshot.pair.source === snapshot.pair.target;
}
