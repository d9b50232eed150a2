import type * as z from 'zod/mini';
import { format } from '../../core/model/pointer.ts';
import type { Problem } from '../../core/model/problem.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** More entries than anyone reads; what a hostile body can make us answer must have an end. */
export const MAX_PROBLEMS = 100;

/**
 * Every wrong field of a body, with its JSON Pointer and what is expected there. The schemas' own messages are
 * used where they have one; the rest is worded here, so that a bundle needs no table of messages.
 */
export function fieldProblems(issues: readonly Issue[], body: unknown): Problem[] {
  const problems = issues.flatMap((issue) => describe(issue, [], body));
  const unique = new Map(problems.map((problem) => [`${problem.path} ${problem.message}`, problem]));
  return [...unique.values()].slice(0, MAX_PROBLEMS);
}

function describe(issue: Issue, base: Path, body: unknown): Problem[] {
  const path = [...base, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((member) => problem([...path, member], 'is not a field of this request'));
    case 'invalid_key':
      return issue.issues.map((inner) => problem(path, `as a name ${worded(inner)}`));
    case 'invalid_union':
      return describeUnion(issue, path, body);
    default:
      return [problem(path, valueAt(body, path) === undefined ? 'is missing' : worded(issue))];
  }
}

/**
 * Of a union's branches the one that came furthest is told: who wrote an object where an object may stand wants to
 * know what is wrong inside it, not that it is no boolean. Where no branch came further, all are named.
 */
function describeUnion(issue: z.core.$ZodIssueInvalidUnion, path: Path, body: unknown): Problem[] {
  const inside = issue.errors.find((branch) =>
    branch.every((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys'),
  );
  if (inside !== undefined && inside.length > 0)
    return inside.flatMap((inner) => describe(inner, path, body));
  const expected = issue.errors.flatMap((branch) =>
    branch.filter((inner) => inner.path.length === 0).map(worded),
  );
  if (valueAt(body, path) === undefined) return [problem(path, 'is missing')];
  return [
    problem(path, expected.length === 0 ? 'is not one of the values allowed here' : expected.join(', or ')),
  ];
}

/** What is expected, after "must": the schema's own message where it has one. */
function worded(issue: Issue): string {
  if (issue.message !== 'Invalid input' && issue.message !== '') return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${ARTICLE[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
    case 'too_small':
      return `must ${issue.origin === 'number' ? 'be' : 'have'} ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${UNIT[issue.origin] ?? ''}`;
    case 'too_big':
      return `must ${issue.origin === 'number' ? 'be' : 'have'} ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}${UNIT[issue.origin] ?? ''}`;
    case 'invalid_format':
      return `must be ${FORMAT[issue.format] ?? `a ${issue.format}`}`;
    case 'invalid_union':
      return 'must be one of the values allowed here';
    default:
      return 'is not a value allowed here';
  }
}

const ARTICLE: Readonly<Record<string, string>> = {
  object: 'an object',
  record: 'an object',
  array: 'an array',
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
};

const UNIT: Readonly<Record<string, string>> = { array: ' items', string: ' characters' };

const FORMAT: Readonly<Record<string, string>> = {
  datetime: 'a date and time by ISO 8601, with its offset',
  url: 'an absolute URL',
};

function problem(path: Path, message: string): Problem {
  return { code: 'invalid_request', message, path: format(path.map(String)) };
}

function valueAt(body: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, part) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    return (value as Record<PropertyKey, unknown>)[part];
  }, body);
}
