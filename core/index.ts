/**
 * The engine as other programs use it: without network, clock, environment or AWS. What it needs of these comes in
 * as ports; `flowferry/integrator`, `flowferry/memory` and `flowferry/dynamodb` have implementations.
 */
export type { Advance, AdvanceSettings, CloneEngine, ClonePorts } from './clone/index.ts';
export { createCloneEngine, RefusedError } from './clone/index.ts';
export type {
  Conflict,
  Drift,
  MergeInput,
  MergeResult,
  Policy,
  PolicyRule,
  Resolution,
} from './merge/index.ts';
export { diff, merge } from './merge/index.ts';
export type {
  ActionReport,
  CloneState,
  CloneStatus,
  FlowReport,
  PendingAuthorization,
  PlanSummary,
  Progress,
  RunReport,
  Stage,
} from './model/clone.ts';
export { isFinal } from './model/clone.ts';
export type { Blocker, BlockerCode, Problem, Warning } from './model/problem.ts';
export { codeOf, FlowferryError } from './model/problem.ts';
export type { CloneRequest, CloneRequestInput, Override } from './model/request.ts';
export { cloneRequest } from './model/request.ts';
export type { Document, Json, JsonObject, ResourceType } from './model/resource.ts';
export { RESOURCE_TYPES } from './model/resource.ts';
export type {
  Account,
  AccountDirectory,
  BindingStore,
  Clock,
  CloneRecord,
  CloneStore,
  Ledger,
  Log,
} from './ports.ts';
export type { Reference, ReferenceRow } from './references/index.ts';
export { REFERENCES, referencesOf } from './references/index.ts';
