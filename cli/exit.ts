import type { CloneState } from './output/state.ts';

/** What the process ends with: the contract's codes. */
export const EXIT = {
  /** Done, or there was nothing to do. */
  done: 0,
  error: 1,
  /** `--detailed-exitcode`: there is something to write. */
  pending: 2,
  /** Refused before anything was written. */
  blocked: 3,
  /** Part of it is done: it failed and was kept, or it waits for connections to be authorised. */
  partial: 4,
  /** It failed, and what it had written was undone. */
  rolledBack: 5,
  usage: 64,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

type EndState = Pick<CloneState, 'status' | 'errors' | 'plan' | 'actions' | 'next'>;

/** Refusals that come before the first write. */
const REFUSALS: ReadonlySet<string> = new Set(['plan_blocked', 'plan_changed', 'clone_in_progress']);

/** The command, or the request that it made, is not as it must be. */
const WRONG_USAGE: ReadonlySet<string> = new Set(['wrong_usage', 'invalid_request']);

/** The exit code of a command that saw a clone through to this state. */
export function exitOfState(state: EndState): ExitCode {
  switch (state.status) {
    case 'partial':
    case 'waiting':
      return EXIT.partial;
    case 'rolled-back':
      return EXIT.rolledBack;
    case 'failed':
      return isRefused(state) ? EXIT.blocked : EXIT.error;
    default:
      return EXIT.done;
  }
}

/**
 * A plan that is found blocked after the service had answered makes a clone that failed without writing anything:
 * its plan is summed up, but no actions were stored to be carried out.
 */
function isRefused({ errors, plan, actions, next }: EndState): boolean {
  if (actions !== undefined || next !== undefined || errors.length === 0) return false;
  return plan !== undefined || errors.every(({ code }) => REFUSALS.has(code));
}

/** The exit code of a command that ended with a problem. */
export function exitOfProblem(problem: { code: string; clone?: CloneState | undefined }): ExitCode {
  if (problem.clone !== undefined) {
    const own = exitOfState(problem.clone);
    return own === EXIT.done ? EXIT.error : own;
  }
  if (REFUSALS.has(problem.code)) return EXIT.blocked;
  return WRONG_USAGE.has(problem.code) ? EXIT.usage : EXIT.error;
}
