/**
 * Three-way merge of integrator.io's documents: last applied, source now, target now. Pure functions on JSON.
 */
export { contains } from './contains.ts';
export type { Disputed } from './disputes.ts';
export { equal, isBlank } from './equal.ts';
export { ARRAY_RULES, type ArrayRule, type Identity } from './identities.ts';
export { diff, merge } from './merge.ts';
export { overlay } from './overlay.ts';
export { resolutionFor } from './policy.ts';
export type {
  Conflict,
  Drift,
  MergeInput,
  MergeResult,
  PathChange,
  Policy,
  PolicyRule,
  Resolution,
} from './types.ts';
