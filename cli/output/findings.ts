import type { Problem } from '../../core/model/problem.ts';
import { clean } from './text.ts';

/** Suggestions shown for one blocker. */
const MOST_CANDIDATES = 3;

/** The option by which a blocker's suggestion is taken. */
const OPTION_OF: Readonly<Record<string, string>> = {
  connection_unmapped: '--map',
  connection_type_mismatch: '--map',
  ambiguous_match: '--adopt',
};

/** Problems or warnings, each with its place and what could be done about it. */
export function findingLines(findings: readonly Problem[]): string[] {
  return findings.flatMap((finding) => [
    `  ${headOf(finding)}`,
    `    ${clean(finding.message)}`,
    ...suggestions(finding),
  ]);
}

function headOf({ code, type, sourceId, path }: Problem): string {
  return [code, type, sourceId, path].filter((part) => part !== undefined && part !== '').join(' ');
}

/** What could be mapped, written as the option that does it. */
function suggestions({ code, type, sourceId, candidates = [] }: Problem): string[] {
  if (sourceId === undefined || candidates.length === 0) return [];
  const option = type === 'connection' ? '--map' : (OPTION_OF[code] ?? '--id-map');
  const shown = candidates.slice(0, MOST_CANDIDATES);
  const more = candidates.length - shown.length;
  return [
    ...shown.map(({ id, name }) => `    ${option} ${sourceId}=${id}   "${clean(name)}"`),
    ...(more > 0 ? [`    or one of ${more} more`] : []),
  ];
}
