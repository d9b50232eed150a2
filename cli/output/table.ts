import { clean } from './text.ts';

/** A column of a table. At most one gives way where a line becomes too long. */
export interface Column {
  title: string;
  flexible?: boolean;
}

const GAP = '  ';
const NARROWEST = 12;

/**
 * Rows under their titles in aligned columns.
 *
 * @param columns titles from left to right
 * @param width characters a line may have; unlimited when left out
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number | undefined,
): string[] {
  const cells = rows.map((row) => columns.map((_, index) => clean(row[index] ?? '')));
  const widths = columns.map(({ title }, index) =>
    cells.reduce((widest, row) => Math.max(widest, row[index]?.length ?? 0), title.length),
  );
  const flexible = columns.findIndex((column) => column.flexible === true);
  const total = widths.reduce((sum, each) => sum + each + GAP.length, -GAP.length);
  const own = widths[flexible];
  if (own !== undefined && width !== undefined && total > width) {
    widths[flexible] = Math.max(Math.min(own, NARROWEST), own - (total - width));
  }
  const line = (row: readonly string[]): string =>
    widths
      .map((each, index) => fitted(row[index] ?? '', each).padEnd(each))
      .join(GAP)
      .trimEnd();
  return [line(columns.map(({ title }) => title.toUpperCase())), ...cells.map(line)];
}

function fitted(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
