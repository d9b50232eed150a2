import type { ActionCounts, ActionKind, PlanCost } from '../model/clone.ts';
import type { Blocker, Warning } from '../model/problem.ts';
import type { Json, ResourceType } from '../model/resource.ts';
import type { LedgerRow } from '../ports.ts';

/** What becomes of one resource of the closure, and what must be there before. */
export interface PlannedAction {
  action: ActionKind;
  type: ResourceType;
  sourceId: string;
  /** Known from the start but for creates. */
  targetId?: string | undefined;
  name: string;
  /** Indexes of the actions that must be done before this one begins. */
  needs: readonly number[];
  /** Indexes of the actions whose ids are left out of the create and written later, in one PUT. */
  late: readonly number[];
  /** Of a create: the copy that the ledger names and that is gone. */
  replaces?: string | undefined;
  /** A connection without credentials, to be authorised by the customer. */
  stub?: true | undefined;
  /** A copy that somebody else made: into the ledger as ours, but never deleted by us. */
  adopted?: true | undefined;
  /** Only flow groups are missing on an integration that is used as it is: nothing else of it is written. */
  groupsOnly?: true | undefined;
  /** `lastModified` of the source document, as far as it is needed to see later that it did not change. */
  sourceModified?: string | undefined;
  /** Whether the resource's text holds ids. */
  textIds?: true | undefined;
  /** The group of the target that a flow is left in, where the tenant has done away with the source's. */
  ownGroup?: string | undefined;
  /** Nothing is written to the copy, but the ledger learns what it was compared with. */
  rebase?: Rebase | undefined;
}

/** What the ledger is to remember of a copy that a sync leaves as it is. */
export interface Rebase {
  /** The row as it was. */
  row: LedgerRow;
  /** `lastModified` of the copy as it was compared; absent where it was not looked at. */
  modified?: string | undefined;
  /** SHA-256 of the copy as it was compared, where nothing in it is the tenant's own. */
  storedHash?: string | undefined;
  /** The copy holds changes of the tenant's own. */
  edited: boolean;
  /** Conflicts that are settled for the target, as the ledger remembers them. */
  disputed?: LedgerRow['disputed'];
  /** The source's document is another than the one last applied: it is the base of the next merge. */
  moved: boolean;
  /** The flow groups of that base, where the copy has some that the source has lost. */
  groups?: Json | undefined;
}

/** A copy whose source is gone. */
export interface PlannedPrune {
  /** `keep`: it is only remembered that the source is gone. */
  kind: 'disable' | 'delete' | 'keep' | 'forget';
  row: LedgerRow;
}

/** What a sync found in one target. */
export interface SyncFindings {
  /** Paths changed in the target; a resource that is made or pruned counts as one. */
  applied: number;
  /** Paths left as the tenant's own. */
  kept: number;
  drift: readonly SyncDrift[];
  conflicts: readonly SyncConflict[];
  prunes: readonly PlannedPrune[];
}

interface Place {
  type: ResourceType;
  sourceId: string;
  /** Absent for what is not made yet. */
  targetId?: string | undefined;
  /** JSON Pointer into the copy; empty for the whole resource. */
  path: string;
}

/** A place where source and target differ, and who moved. */
export interface SyncDrift extends Place {
  movedBy: 'source' | 'target' | 'both';
}

export interface SyncConflict extends Place {
  resolution: 'keep-target' | 'take-source' | 'failed';
}

/** A flow of the closure, as waking and the report need it. */
export interface PlannedFlow {
  index: number;
  /** In the source. */
  disabled: boolean;
  /** Of the copy before the clone; `undefined` where there was none. */
  copyDisabled?: boolean | undefined;
  abstract: boolean;
  /** Indexes of its webhook exports. */
  webhooks: readonly number[];
}

/** Connections an integration of the target must know. */
export interface Registration {
  /** Index of the integration's action; absent where it has none. */
  integration?: number | undefined;
  /** The integration itself, where it has no action. */
  targetId?: string | undefined;
  /** Source ids. */
  connections: readonly string[];
}

/**
 * The ordered actions that turn a snapshot into a faithful copy. A value: it goes through JSON unharmed.
 * The documents rest beside it, see `PlanWithBodies`.
 */
export interface Plan {
  fingerprint: string;
  counts: ActionCounts;
  cost: PlanCost;
  /** In an order in which they could be carried out one by one. */
  actions: readonly PlannedAction[];
  blockers: readonly Blocker[];
  warnings: readonly Warning[];
  flows: readonly PlannedFlow[];
  registrations: readonly Registration[];
  /** Flow groups that flows are in, by their source id: the integration they stand in (index) and their name. */
  groups: Readonly<Record<string, { integration: number; name: string }>>;
  /** Where flows go that belong to no integration; absent: the account's own standalone integration. */
  homeIntegrationId?: string | undefined;
  /** For a clone of a sync's run. */
  sync?: SyncFindings | undefined;
}

/** A plan together with the stripped source documents (JSON bytes) of its creates and updates, by index. */
export interface PlanWithBodies {
  plan: Plan;
  bodies: Map<number, Uint8Array>;
  /** SHA-256 of each body, by index. */
  hashes: Map<number, string>;
}
