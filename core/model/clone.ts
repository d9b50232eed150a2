import type { Problem, Warning } from './problem.ts';
import type { ResourceType } from './resource.ts';

export type CloneStatus =
  | 'planned'
  | 'running'
  | 'waiting'
  | 'succeeded'
  | 'failed'
  | 'rolled-back'
  | 'partial';

export type Stage = 'reading' | 'planning' | 'applying' | 'verifying' | 'waking' | 'undoing' | 'done';

export type ActionKind = 'create' | 'update' | 'reuse' | 'unchanged';

export type ActionStatus = 'pending' | 'done' | 'failed' | 'undone';

/** One row of a clone's report: what becomes of one resource of the closure. */
export interface ActionReport {
  action: ActionKind;
  type: ResourceType;
  sourceId: string;
  targetId?: string | undefined;
  name: string;
  status: ActionStatus;
}

export type ActionCounts = Record<ActionKind, number>;

/** What a plan will take: calls to each account and seconds at the rate the clone may use. */
export interface PlanCost {
  source: { calls: number };
  target: { calls: number };
  seconds: number;
}

export interface PlanSummary {
  fingerprint: string;
  counts: ActionCounts;
  cost: PlanCost;
}

export interface RunReport {
  jobId: string;
  status: string;
  numSuccess?: number | undefined;
  numError?: number | undefined;
  numIgnore?: number | undefined;
}

export interface FlowReport {
  sourceId: string;
  targetId?: string | undefined;
  name: string;
  disabled: boolean;
  /** New inbound addresses of the flow's webhook exports; their senders must be pointed there. */
  webhookUrls?: string[] | undefined;
  run?: RunReport | undefined;
}

export interface Progress {
  stage: Stage;
  done: number;
  pending: number;
  secondsLeft?: number | undefined;
}

export interface CloneStats {
  apiCalls: { source: number; target: number };
  retries: number;
  rateLimited: number;
  durationMs: number;
}

export interface PendingAuthorization {
  connectionId: string;
  name: string;
}

/** The whole state of a clone, as `POST /clone` and `GET /clones/{cloneId}` answer it. */
export interface CloneState {
  cloneId?: string | undefined;
  status: CloneStatus;
  source: { account: string };
  target: { account: string };
  plan?: PlanSummary | undefined;
  actions?: ActionReport[] | undefined;
  idMap?: Record<string, string> | undefined;
  flows?: FlowReport[] | undefined;
  next?: string | undefined;
  warnings: Warning[];
  errors: Problem[];
  progress: Progress;
  createdAt?: string | undefined;
  endedAt?: string | undefined;
  pendingAuthorizations: PendingAuthorization[];
  stats: CloneStats;
}

/** A state that will not change any more by itself. */
export function isFinal(status: CloneStatus): boolean {
  return status !== 'planned' && status !== 'running' && status !== 'waiting';
}
