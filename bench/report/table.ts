/** A table in Markdown; all columns but the first hold figures. */
export function table(names: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = names.map((_, index) => (index === 0 ? '---' : '---:'));
  return [line(names), line(rule), ...rows.map(line)].join('\n');
}
