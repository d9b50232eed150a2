import { CommanderError } from 'commander';
import { codeOf, FlowferryError, type Problem } from '../core/model/problem.ts';
import { PROBLEMS } from '../lambdas/http/codes.ts';
import { ProblemAnswer } from './hosts/service.ts';
import type { ProblemDocument } from './output/state.ts';
import { UsageError } from './usage-error.ts';

/** What the HTTP API never answers: troubles of the command line itself, and of calling integrator.io directly. */
const OWN: Readonly<Record<string, readonly [status: number, title: string]>> = {
  wrong_usage: [400, 'The command can not be meant as it was written'],
  refused: [422, 'integrator.io refused the call'],
  not_found: [404, 'integrator.io does not know this'],
  flow_not_found: [404, 'No such flow'],
  answer_lost: [502, 'The answer of integrator.io was lost'],
  service_unreachable: [502, 'The service can not be reached'],
  unexpected_answer: [502, 'The service answered something else than JSON'],
  left: [499, 'Left before the end'],
};

const KNOWN: typeof OWN = { ...PROBLEMS, ...OWN };

/** Anything that was thrown, in the shape in which the HTTP API tells of problems. */
export function problemOf(error: unknown): ProblemDocument {
  if (error instanceof ProblemAnswer) return error.problem;
  if (error instanceof CommanderError) return usageProblem([messageOf(error)]);
  if (error instanceof UsageError) return usageProblem(error.lines);
  const code = codeOf(error);
  // Only errors made on purpose speak for themselves: of any other nobody knows what its message holds.
  return error instanceof FlowferryError
    ? problem(code, error.message, [{ code, message: error.message }, ...error.problems])
    : problem(code, 'something went wrong that nobody foresaw');
}

function problem(code: string, detail: string, errors: Problem[] = [{ code, message: detail }]) {
  const [status, title] = KNOWN[code] ?? [500, 'Something went wrong'];
  return { type: `urn:flowferry:problem:${code}`, title, status, detail, code, errors };
}

function usageProblem(wrong: readonly string[]): ProblemDocument {
  const code = 'wrong_usage';
  return problem(
    code,
    wrong.join('; '),
    wrong.map((message) => ({ code, message })),
  );
}

/** Where a command's name is missing commander shows the help, and has no words of its own for it. */
function messageOf({ code, message }: CommanderError): string {
  return code === 'commander.help' ? 'the name of a command is missing' : message.replace(/^error: /, '');
}
