/** A clone's life: planned, prepared, carried on piece by piece, told. */
import { type AdvanceSettings, advance } from './advance.ts';
import type { Advance, ClonePorts } from './contract.ts';
import { planOnly } from './planning.ts';
import { newCloneRecord } from './record.ts';
import { actionsPage, reportOf } from './report.ts';
import type { Session } from './session.ts';

export type { AdvanceSettings } from './advance.ts';
export type { Advance, ClonePorts } from './contract.ts';
export { RefusedError } from './errors.ts';
export { planOnly } from './planning.ts';
export { newCloneRecord } from './record.ts';
export { actionsPage, reportOf } from './report.ts';
export { usedSince } from './used-since.ts';

/** The core's work with clones, as hosts call it. */
export interface CloneEngine {
  planOnly: typeof planOnly;
  /** One bounded piece of a clone's work, see `Advance` for what comes after. */
  advance(ports: ClonePorts, cloneId: string, budgetMs: number): Promise<Advance>;
  newCloneRecord: typeof newCloneRecord;
  reportOf: typeof reportOf;
  actionsPage: typeof actionsPage;
}

/** How long a create whose answer was lost is given to land, unless a host says otherwise, ms. */
const ADOPTION_WAIT_MS = 2_000;

/**
 * Makes an engine. It remembers the clones it is working on, so that the next piece of work need not load their
 * plans again; nothing is lost with it.
 */
export function createCloneEngine(settings: Partial<AdvanceSettings> = {}): CloneEngine {
  const sessions = new Map<string, Session>();
  const all: AdvanceSettings = { adoptionWaitMs: ADOPTION_WAIT_MS, ...settings };
  return {
    planOnly,
    advance: (ports, cloneId, budgetMs) => advance(ports, sessions, all, cloneId, budgetMs),
    newCloneRecord,
    reportOf,
    actionsPage,
  };
}
