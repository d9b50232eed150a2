import { FlowferryError } from '../core/model/problem.ts';

/** The command can't be meant as it was written. Its lines name the option that is wrong, never a secret. */
export class UsageError extends FlowferryError {
  override readonly name = 'UsageError';
  readonly lines: readonly string[];
  /** What to do about it, where that can be said. */
  readonly hint: string | undefined;

  constructor(lines: string | readonly string[], hint?: string) {
    const all = typeof lines === 'string' ? [lines] : lines;
    super('wrong_usage', all.join('\n'));
    this.lines = all;
    this.hint = hint;
  }
}
