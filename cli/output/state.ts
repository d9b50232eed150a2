export type { ActionReport, CloneState, FlowReport } from '../../core/model/clone.ts';

import type { CloneState } from '../../core/model/clone.ts';
import type { Problem } from '../../core/model/problem.ts';

/** A problem document as the service answers it (RFC 9457). */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  errors: Problem[];
  clone?: CloneState | undefined;
  plan?: { fingerprint: string } | undefined;
}
