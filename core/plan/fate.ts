import type { ResourceType } from '../model/resource.ts';
import type { LedgerRow } from '../ports.ts';
import type { Copy } from '../read/copies.ts';

/** What a resource of the closure comes to, before anything is compared. */
export type Fate =
  /** A resource of the target is used as it is and never written to. */
  | { kind: 'fixed'; type: ResourceType; targetId: string; name: string }
  /** A copy is there already: by the ledger, or taken over. */
  | { kind: 'copy'; type: ResourceType; targetId: string; row: LedgerRow | undefined; copy: Copy }
  | { kind: 'create'; type: ResourceType; stub: boolean }
  /** Nothing can be done with it; the reason is among the blockers. */
  | { kind: 'blocked'; type: ResourceType };

export type Fates = Map<string, Fate>;
