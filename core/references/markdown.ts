import { RESOURCE_TYPES } from '../model/resource.ts';
import { MAX_DEPTH } from './depth.ts';
import type { ReferenceRow } from './row.ts';
import { SAMPLE_FIELDS } from './table/anywhere.ts';
import { DEFAULTS, FREE_FORM } from './table/equalities.ts';
import { STRIPS } from './table/strips.ts';
import { REFERENCES } from './table.ts';

const INTRODUCTION = `# References

Written by \`npm run docs\` from the tables in \`core/references\`: change those, not this.

A reference is a place in a resource that holds another's id. This is every such place flowferry knows, what it
names, and what becomes of it in a copy:

| kind | meaning |
|---|---|
| needs | what it names is cloned along |
| mapped | what it names is never cloned; the caller says what stands for it in the target |
| linked | it names another flow or a step of one; \`linkedFlows\` decides |
| inside | it names a part of another document, found in the copy by name |
| alias | it only gives a name to something; it never enlarges a closure and goes when it points outside |
| never | it is no reference to anything in the account; copied as it is |

In a path, \`[]\` is any element of an array, \`*\` any member, \`**\` any depth, and a name that ends in \`*\` any member
that begins so. A *late* reference may be left out of the create and be written afterwards, which is how cycles are
cut. *Leaves out* says what goes when the reference itself can't stay: the field, or the array element that holds it.

The first row that fits a place counts: the rows of the type, then those that hold in every type. Null and the empty
string are no reference. Anything else that is not an id, where an id belongs, keeps the plan from being carried out.
`;

const TEXT = `## Ids in text

Exactly 24 hexadecimal characters with no letter or digit beside them, in any string or in the name of a member, are
an id too, wherever the tables above have no row: in URIs, bodies, mappings, settings and scripts. One that the clone
knows is rewritten and reported; any other is left and reported. Longer runs of hexadecimal characters are hashes or
keys and stay untouched.
`;

/** The documentation of the tables, as `docs/references.md` holds it. */
export function referencesMarkdown(): string {
  return [
    INTRODUCTION,
    ...RESOURCE_TYPES.flatMap((type) => section(type, `## ${type}`)),
    ...section('*', '## In every type'),
    TEXT,
    samples(),
    strips(),
    equalities(),
    `## Limits\n\nA document nested deeper than ${MAX_DEPTH} levels is refused (\`document_too_deep\`).\n`,
  ].join('\n');
}

function section(type: ReferenceRow['in'], heading: string): string[] {
  const rows = REFERENCES.filter((row) => row.in === type);
  if (rows.length === 0) return [];
  return [
    table(
      heading,
      ['path', 'names', 'kind', 'late', 'leaves out', 'note'],
      rows.map((row) => [
        code(row.path),
        row.to,
        row.kind,
        row.deferrable === true ? 'late' : '',
        row.kind === 'never' ? '' : row.omit,
        [guard(row), row.note].filter((part) => part !== '').join(': '),
      ]),
    ),
  ];
}

function guard(row: ReferenceRow): string {
  return row.when === undefined ? '' : `where ${code(row.when.path)} is ${code(row.when.equals)}`;
}

function samples(): string {
  const names = SAMPLE_FIELDS.map(code).join(', ');
  return `## Sample data\n\n${names} may hold customers' records. They are not walked, at whatever depth, and not copied unless\n\`copySampleData\` asks for it.\n`;
}

function strips(): string {
  const introduction =
    'What is taken out of a document before it is created, updated or compared. Masked secrets (`******`) are taken\nout always and everywhere.';
  return table(
    `## What does not travel\n\n${introduction}`,
    ['type', 'path', 'create', 'update', 'compare', 'reason'],
    STRIPS.map((rule) => [
      rule.in === '*' ? 'every' : rule.in,
      code(rule.path),
      ...(['create', 'update', 'compare'] as const).map((occasion) =>
        rule.on.includes(occasion) ? 'out' : '',
      ),
      rule.stringsOnly === true ? `${rule.reason}, where it is a string` : rule.reason,
    ]),
  );
}

function equalities(): string {
  const introduction = `When documents are compared, null, an empty list and an empty object equal their absence, and so do the values
below. Within ${FREE_FORM.map(code).join(', ')}\nonly the order of members is without meaning.`;
  return table(
    `## What is no difference\n\n${introduction}`,
    ['type', 'path', 'value', 'reason'],
    DEFAULTS.map((rule) => [rule.in, code(rule.path), code(String(rule.value)), rule.reason]),
  );
}

function table(heading: string, columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [heading, '', line(columns), `|${columns.map(() => '---').join('|')}|`, ...rows.map(line), ''].join(
    '\n',
  );
}

function code(text: string): string {
  return `\`${text}\``;
}
