/** One thing that is wrong with the options a construct was given. */
export interface OptionProblem {
  /** Where, with dots between the names: `auth.jwt.issuer`. */
  path: string;
  message: string;
}

/** Options that a construct can't take. Lists everything that is wrong, not just the first finding. */
export class InvalidOptionError extends Error {
  readonly code = 'invalid_option';
  readonly problems: readonly OptionProblem[];

  constructor(construct: string, problems: readonly OptionProblem[]) {
    super(`${construct}: ${problems.map(({ path, message }) => `${path}: ${message}`).join('; ')}`);
    this.name = 'InvalidOptionError';
    this.problems = problems;
  }
}
