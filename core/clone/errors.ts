import type { CloneState } from '../model/clone.ts';
import { FlowferryError, type Problem } from '../model/problem.ts';

/** A clone can't be begun: nothing was written, and nothing of it needs to be kept. */
export class RefusedError extends FlowferryError {
  readonly state: CloneState | undefined;

  constructor(code: string, message: string, problems: readonly Problem[], state?: CloneState) {
    super(code, message, { problems });
    this.state = state;
  }
}
