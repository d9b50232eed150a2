import type { CloneState } from '../model/clone.ts';
import { FlowferryError, type Problem } from '../model/problem.ts';
import type { SyncFindings } from '../plan/plan.ts';

/** A clone can't be begun: nothing was written, and nothing of it needs to be kept. */
export class RefusedError extends FlowferryError {
  readonly state: CloneState | undefined;
  /** What a sync's plan found all the same. */
  readonly sync: SyncFindings | undefined;

  constructor(
    code: string,
    message: string,
    problems: readonly Problem[],
    state?: CloneState,
    sync?: SyncFindings,
  ) {
    super(code, message, { problems });
    this.state = state;
    this.sync = sync;
  }
}
