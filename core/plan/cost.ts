import type { PlanCost } from '../model/clone.ts';
import type { CallStats } from '../ports.ts';
import type { PlannedAction, Registration } from './plan.ts';

/** How fast an account may be called. */
export interface Pace {
  callsPerSecond: number;
  burst: number;
}

/** What carrying out a plan takes, besides what reading took. */
export function costOf(
  actions: readonly PlannedAction[],
  registrations: readonly Registration[],
  wakeCalls: number,
  read: { source: CallStats; target: CallStats },
  pace: { source: Pace; target: Pace },
): PlanCost {
  let writes = registrations.length + wakeCalls;
  for (const action of actions) {
    if (action.action === 'create') writes += action.late.length > 0 ? 2 : 1;
    else if (action.action === 'update') writes += 1;
  }
  const source = read.source.calls;
  const target = read.target.calls + writes;
  const seconds = secondsFor(source, pace.source) + secondsFor(writes, pace.target);
  return { source: { calls: source }, target: { calls: target }, seconds: Math.round(seconds * 10) / 10 };
}

function secondsFor(calls: number, pace: Pace): number {
  return Math.max(0, calls - pace.burst) / pace.callsPerSecond;
}
