import type { Document } from '../core/model/resource.ts';

/** Objects of one flow of the benchmark: script, export, lookup, two imports, flow. */
export const OBJECTS_PER_FLOW = 6;

/** The longest chain of reads (flow, step, script) and of writes (script, export, flow). */
export const READ_CHAIN = 3;
export const WRITE_CHAIN = 3;

/** What `POST /clone` needs to know of a generated pair of accounts. */
export interface Layout {
  flowIds: string[];
  connectionMap: Record<string, string>;
  sourceIntegrationId: string;
  targetIntegrationId: string;
}

type Documents = Record<string, Document[]>;

const PREFIX = {
  script: '5c',
  export: 'e0',
  lookup: 'e1',
  first: '1a',
  second: '1b',
  flow: 'f0',
  connection: 'c0',
  copy: 'd0',
  integration: 'a0',
};

/** An id that looks like integrator.io's, the same at every run. */
function idOf(kind: keyof typeof PREFIX, number: number): string {
  return `${PREFIX[kind]}b3${number.toString(16).padStart(20, '0')}`;
}

const MODIFIED = '2026-01-05T08:00:00.000Z';

/** Names the accounts of a benchmark and says what a clone between them is asked for. */
export function layoutOf(flows: number): Layout {
  return {
    flowIds: Array.from({ length: flows }, (_, number) => idOf('flow', number)),
    connectionMap: {
      [idOf('connection', 0)]: idOf('copy', 0),
      [idOf('connection', 1)]: idOf('copy', 1),
    },
    sourceIntegrationId: idOf('integration', 0),
    targetIntegrationId: idOf('integration', 1),
  };
}

/** The source account: flows of six objects of two to three kilobytes each, all over two connections. */
export function sourceDocuments(flows: number): Documents {
  const documents: Documents = {
    integrations: [{ _id: idOf('integration', 0), name: 'Blueprint', lastModified: MODIFIED }],
    connections: connections('connection'),
    scripts: [],
    exports: [],
    imports: [],
    flows: [],
  };
  for (let number = 0; number < flows; number += 1) addFlow(documents, number);
  return documents;
}

/** The target account before a clone: its integration and the connections to map to, nothing else. */
export function targetDocuments(): Documents {
  const registered = [idOf('copy', 0), idOf('copy', 1)];
  return {
    integrations: [
      {
        _id: idOf('integration', 1),
        name: 'Tenant',
        lastModified: MODIFIED,
        _registeredConnectionIds: registered,
      },
    ],
    connections: connections('copy'),
  };
}

function connections(kind: 'connection' | 'copy'): Document[] {
  return ['Shop', 'Books'].map((name, number) => ({
    _id: idOf(kind, number),
    name,
    type: 'http',
    lastModified: MODIFIED,
    http: { formType: 'http', baseURI: `https://${name.toLowerCase()}.example.com`, mediaType: 'json' },
  }));
}

function addFlow(documents: Documents, number: number): void {
  const [script, source, lookup, first, second, flow] = (
    ['script', 'export', 'lookup', 'first', 'second', 'flow'] as const
  ).map((kind) => idOf(kind, number)) as [string, string, string, string, string, string];
  const [shop, books] = [idOf('connection', 0), idOf('connection', 1)];
  const name = (what: string): string => `${what} ${number}`;
  documents['scripts']?.push({
    _id: script,
    name: name('Shape orders'),
    lastModified: MODIFIED,
    content: `${CODE}\n// ${number}\n`,
  });
  documents['exports']?.push(
    {
      ...step(source, name('Get orders'), 'HTTPExport', shop, number),
      hooks: { preSavePage: { function: 'preSavePage', _scriptId: script } },
    },
    { ...step(lookup, name('Find customer'), 'HTTPExport', books, number), isLookup: true, oneToMany: false },
  );
  documents['imports']?.push(
    { ...step(first, name('Create invoice'), 'HTTPImport', books, number), mappings: MAPPINGS },
    { ...step(second, name('Mark order'), 'HTTPImport', shop, number), mappings: MAPPINGS },
  );
  documents['flows']?.push({
    _id: flow,
    name: name('Orders to invoices'),
    lastModified: MODIFIED,
    disabled: false,
    _integrationId: idOf('integration', 0),
    pageGenerators: [{ _exportId: source, skipRetries: false }],
    pageProcessors: [
      {
        type: 'export',
        _exportId: lookup,
        responseMapping: { fields: [{ extract: 'data', generate: 'c' }] },
      },
      { type: 'import', _importId: first, responseMapping: { fields: [], lists: [] } },
      { type: 'import', _importId: second, responseMapping: { fields: [], lists: [] } },
    ],
  });
}

function step(
  _id: string,
  name: string,
  adaptorType: string,
  _connectionId: string,
  number: number,
): Document {
  return {
    _id,
    name,
    adaptorType,
    _connectionId,
    lastModified: MODIFIED,
    description: `Made for measuring, number ${number}.`,
    http: {
      relativeURI: `/v2/orders?page={{{page}}}&batch=${number}`,
      method: 'POST',
      body: '{"id":"{{record.id}}","lines":[{{#each record.lines}}"{{sku}}"{{/each}}]}',
      headers: HEADERS,
      formType: 'http',
    },
    settings: { region: 'north', batch: number, notes: NOTES },
  };
}

const HEADERS = ['accept', 'content-type', 'x-tenant', 'x-trace'].map((name) => ({
  name,
  value: `{{settings.${name}}}`,
}));

const NOTES = 'Orders come in pages of one hundred and are shaped before they are sent on. '.repeat(8);

const MAPPINGS = Array.from({ length: 12 }, (_, number) => ({
  extract: `$.order.fields[${number}].value`,
  generate: `field${number}`,
  dataType: 'string',
}));

const CODE = Array.from(
  { length: 24 },
  (_, line) =>
    `function shape${line}(record) { return { ...record, line: ${line}, total: record.net * 1.19 }; }`,
).join('\n');
