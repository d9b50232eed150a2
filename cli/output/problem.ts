import { findingLines } from './findings.ts';
import type { ProblemDocument } from './state.ts';
import { clean } from './text.ts';

/** Where an entry names a parameter of the query, which has the name of the option that set it. */
const OF_THE_QUERY = /^\/query\/(?=\w+$)/;

/** A problem the service answered with, for people. */
export function problemLines(problem: ProblemDocument): string[] {
  const options = problem.errors.filter(({ path = '' }) => OF_THE_QUERY.test(path));
  if (options.length > 0) {
    return options.map(
      ({ path = '', message }) => `flowferry: ${path.replace(OF_THE_QUERY, '--')}: ${clean(message)}`,
    );
  }
  const { code, detail, errors, plan } = problem;
  // An entry that only repeats the problem itself tells nothing new.
  const entries = errors.filter((entry) => entry.code !== code || entry.message !== detail);
  return [
    `flowferry: ${code}: ${clean(detail)}`,
    ...(entries.length === 0 ? [] : ['', ...findingLines(entries)]),
    ...(plan === undefined ? [] : ['', `the plan's fingerprint is now ${plan.fingerprint}`]),
    ...suggested(problem),
  ];
}

/** The first suggestion for everything that has one, ready to be added to the command. */
function suggested({ code, errors }: ProblemDocument): string[] {
  if (code !== 'plan_blocked') return [];
  const maps = errors.flatMap(({ type, sourceId, candidates }) => {
    const best = candidates?.[0];
    return type === 'connection' && sourceId && best ? [`--map ${sourceId}=${best.id}`] : [];
  });
  if (maps.length === 0) return [];
  return ['', 'With the first suggestion for each connection:', `  ${maps.join(' ')}`];
}
