/** A column of a table; at most one of them gives way where the table would become too wide. */
export interface Column {
  title: string;
  flexible?: boolean;
}

/** Characters that a line may have, and that stand before it. */
const WIDTH = 100;
const INDENT = '  ';
const GAP = '  ';
const NARROWEST = 8;

/** Rows under their titles in aligned columns, as lines of at most 100 characters where the flexible column allows it. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const flexible = columns.findIndex((column) => column.flexible === true);
  const total = INDENT.length + widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length);
  const own = widths[flexible];
  if (own !== undefined) widths[flexible] = Math.min(own, Math.max(NARROWEST, own + WIDTH - total));
  const line = (cells: readonly string[]): string =>
    INDENT +
    widths
      .map((width, index) => fitted(cells[index] ?? '', width).padEnd(width))
      .join(GAP)
      .trimEnd();
  return [
    line(columns.map(({ title }) => title)),
    line(widths.map((width) => '-'.repeat(width))),
    ...rows.map(line),
  ];
}

function fitted(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 3)}...`;
}

/** A text in lines that fit, broken between words. */
export function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= WIDTH)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(INDENT + word);
  }
  return lines;
}
