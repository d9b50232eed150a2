import type { Policy } from '../../../core/merge/index.ts';
import type { JsonObject, ResourceType } from '../../../core/model/resource.ts';

/** One three-way case: what each side holds, and what must come of it. */
export interface Case {
  /** Who moved what, as a sentence. */
  name: string;
  type: ResourceType;
  base: JsonObject | undefined;
  source: JsonObject;
  target: JsonObject;
  policy?: Policy;
  tenantPaths?: readonly string[];
  document: JsonObject;
  /**
   * One line for each moved path: `source changed /a` (applied), `target added /a` (kept), or
   * `both /a keep-target changed`: a conflict, its resolution, and what it does to the side it is settled for.
   */
  moves: readonly string[];
}

const exportId = (n: number): string => `00000000000000000000e${String(n).padStart(3, '0')}`;
const importId = (n: number): string => `00000000000000000000a${String(n).padStart(3, '0')}`;
const flowId = (n: number): string => `00000000000000000000f${String(n).padStart(3, '0')}`;
const lookup = (n: number, more: JsonObject = {}): JsonObject => ({
  type: 'export',
  _exportId: exportId(n),
  ...more,
});
const send = (n: number, more: JsonObject = {}): JsonObject => ({
  type: 'import',
  _importId: importId(n),
  ...more,
});
const field = (generate: string, extract: string): JsonObject => ({ extract, generate });

const plainValues: readonly Case[] = [
  {
    name: 'Nobody moved: everything is in step',
    type: 'export',
    base: { name: 'Orders', http: { relativeURI: '/orders' } },
    source: { name: 'Orders', http: { relativeURI: '/orders' } },
    target: { name: 'Orders', http: { relativeURI: '/orders' } },
    document: { name: 'Orders', http: { relativeURI: '/orders' } },
    moves: [],
  },
  {
    name: 'The source changed a value: it is applied',
    type: 'export',
    base: { http: { relativeURI: '/orders', method: 'GET' } },
    source: { http: { relativeURI: '/v2/orders', method: 'GET' } },
    target: { http: { relativeURI: '/orders', method: 'GET' } },
    document: { http: { relativeURI: '/v2/orders', method: 'GET' } },
    moves: ['source changed /http/relativeURI'],
  },
  {
    name: 'The tenant changed a value: it is kept',
    type: 'export',
    base: { http: { relativeURI: '/orders', method: 'GET' } },
    source: { http: { relativeURI: '/orders', method: 'GET' } },
    target: { http: { relativeURI: '/shop/orders', method: 'GET' } },
    document: { http: { relativeURI: '/shop/orders', method: 'GET' } },
    moves: ['target changed /http/relativeURI'],
  },
  {
    name: 'Both changed different members of one object: both changes stand',
    type: 'export',
    base: { http: { relativeURI: '/orders', method: 'GET' } },
    source: { http: { relativeURI: '/v2/orders', method: 'GET' } },
    target: { http: { relativeURI: '/orders', method: 'POST' } },
    document: { http: { relativeURI: '/v2/orders', method: 'POST' } },
    moves: ['source changed /http/relativeURI', 'target changed /http/method'],
  },
  {
    name: 'Both changed a value alike: neither counts',
    type: 'export',
    base: { pageSize: 20 },
    source: { pageSize: 50 },
    target: { pageSize: 50 },
    document: { pageSize: 50 },
    moves: [],
  },
  {
    name: 'Both changed a value apart: the target is kept unless the policy says otherwise',
    type: 'flow',
    base: { schedule: '? 0 1 ? * *' },
    source: { schedule: '? 0 2 ? * *' },
    target: { schedule: '? 0 3 ? * *' },
    document: { schedule: '? 0 3 ? * *' },
    moves: ['both /schedule keep-target changed'],
  },
  {
    name: 'Both changed a value apart, and the policy takes the source',
    type: 'flow',
    base: { schedule: '? 0 1 ? * *' },
    source: { schedule: '? 0 2 ? * *' },
    target: { schedule: '? 0 3 ? * *' },
    policy: 'take-source',
    document: { schedule: '? 0 2 ? * *' },
    moves: ['both /schedule take-source changed'],
  },
  {
    name: 'Both changed a value apart, and the policy fails: the target stays as it is',
    type: 'flow',
    base: { schedule: '? 0 1 ? * *' },
    source: { schedule: '? 0 2 ? * *' },
    target: { schedule: '? 0 3 ? * *' },
    policy: 'fail',
    document: { schedule: '? 0 3 ? * *' },
    moves: ['both /schedule failed'],
  },
  {
    name: 'A policy list settles each path by its first line that fits',
    type: 'flow',
    base: { schedule: 'a', timezone: 'a', name: 'a' },
    source: { schedule: 'b', timezone: 'b', name: 'b' },
    target: { schedule: 'c', timezone: 'c', name: 'c' },
    policy: [
      { type: 'export', path: '', policy: 'fail' },
      { type: 'flow', path: '/schedule', policy: 'take-source' },
      { type: 'flow', path: '/timezone', policy: 'fail' },
      { type: 'flow', path: '/schedule', policy: 'fail' },
    ],
    document: { schedule: 'b', timezone: 'c', name: 'c' },
    moves: ['both /schedule take-source changed', 'both /timezone failed', 'both /name keep-target changed'],
  },
  {
    name: 'A star in a policy stands for one segment, and a prefix covers what is below',
    type: 'flow',
    base: { pageProcessors: [lookup(1, { proceedOnFailure: false, hooks: { x: { function: 'a' } } })] },
    source: { pageProcessors: [lookup(1, { proceedOnFailure: true, hooks: { x: { function: 'b' } } })] },
    target: { pageProcessors: [lookup(1, { proceedOnFailure: 'never', hooks: { x: { function: 'c' } } })] },
    policy: [{ type: 'flow', path: '/pageProcessors/*/hooks', policy: 'take-source' }],
    document: { pageProcessors: [lookup(1, { proceedOnFailure: 'never', hooks: { x: { function: 'b' } } })] },
    moves: [
      'both /pageProcessors/0/proceedOnFailure keep-target changed',
      'both /pageProcessors/0/hooks/x/function take-source changed',
    ],
  },
  {
    name: 'The source added a member: it comes, as one change with all that is in it',
    type: 'import',
    base: { name: 'i' },
    source: { name: 'i', http: { batchSize: 5, method: ['POST'] } },
    target: { name: 'i' },
    document: { name: 'i', http: { batchSize: 5, method: ['POST'] } },
    moves: ['source added /http'],
  },
  {
    name: 'The source removed a member: it goes',
    type: 'import',
    base: { name: 'i', description: 'old' },
    source: { name: 'i' },
    target: { name: 'i', description: 'old' },
    document: { name: 'i' },
    moves: ['source removed /description'],
  },
  {
    name: 'The tenant added a member: it stays',
    type: 'import',
    base: { name: 'i' },
    source: { name: 'i' },
    target: { name: 'i', settings: { region: 'EU' } },
    document: { name: 'i', settings: { region: 'EU' } },
    moves: ['target added /settings'],
  },
  {
    name: 'The tenant removed a member: it stays away',
    type: 'import',
    base: { name: 'i', description: 'old' },
    source: { name: 'i', description: 'old' },
    target: { name: 'i' },
    document: { name: 'i' },
    moves: ['target removed /description'],
  },
  {
    name: 'Both removed a member: neither counts',
    type: 'import',
    base: { name: 'i', description: 'old' },
    source: { name: 'i' },
    target: { name: 'i' },
    document: { name: 'i' },
    moves: [],
  },
  {
    name: 'Both added different members of a new object: both come',
    type: 'import',
    base: {},
    source: { settings: { a: 1 } },
    target: { settings: { b: 2 } },
    document: { settings: { a: 1, b: 2 } },
    moves: ['source added /settings/a', 'target added /settings/b'],
  },
  {
    name: 'The source removed what the tenant changed: a conflict, kept',
    type: 'import',
    base: { description: 'old' },
    source: {},
    target: { description: 'mine' },
    document: { description: 'mine' },
    moves: ['both /description keep-target changed'],
  },
  {
    name: 'The source changed what the tenant removed: a conflict, taken',
    type: 'import',
    base: { description: 'old' },
    source: { description: 'new' },
    target: {},
    policy: 'take-source',
    document: { description: 'new' },
    moves: ['both /description take-source added'],
  },
  {
    name: 'The source removed an object in which the tenant changed a member: a conflict of the object',
    type: 'export',
    base: { delta: { dateField: 'updated', lagOffset: 0 } },
    source: {},
    target: { delta: { dateField: 'updated', lagOffset: 5000 } },
    policy: 'take-source',
    document: {},
    moves: ['both /delta take-source removed'],
  },
  {
    name: 'An absent list, null, an empty list and an empty object mean the same: nobody moved',
    type: 'flow',
    base: { _runNextFlowIds: [], schedule: null, settings: {}, aliases: null },
    source: { schedule: null, settings: {}, aliases: [] },
    target: { _runNextFlowIds: null, aliases: [] },
    document: { _runNextFlowIds: null, aliases: [] },
    moves: [],
  },
  {
    name: 'The empty string is a value: clearing a text is a change',
    type: 'flow',
    base: { description: 'nightly' },
    source: { description: 'nightly' },
    target: { description: '' },
    document: { description: '' },
    moves: ['target changed /description'],
  },
  {
    name: 'A script is one value, however little was changed in it',
    type: 'script',
    base: { content: 'one\ntwo\nthree' },
    source: { content: 'ONE\ntwo\nthree' },
    target: { content: 'one\ntwo\nTHREE' },
    document: { content: 'one\ntwo\nTHREE' },
    moves: ['both /content keep-target changed'],
  },
  {
    name: 'A filter is one value',
    type: 'export',
    base: { filter: { rules: ['equals', ['string', ['extract', 'a']], 'x'] } },
    source: { filter: { rules: ['equals', ['string', ['extract', 'b']], 'x'] } },
    target: { filter: { rules: ['equals', ['string', ['extract', 'a']], 'y'] } },
    document: { filter: { rules: ['equals', ['string', ['extract', 'a']], 'y'] } },
    moves: ['both /filter/rules keep-target changed'],
  },
  {
    name: 'A value of another kind replaces the whole',
    type: 'import',
    base: { http: { body: { a: 1 } } },
    source: { http: { body: ['{{record}}'] } },
    target: { http: { body: { a: 1 } } },
    document: { http: { body: ['{{record}}'] } },
    moves: ['source changed /http/body'],
  },
  {
    name: 'A member called __proto__ is a member like any other',
    type: 'import',
    base: JSON.parse('{"settings":{"__proto__":{"polluted":1}}}'),
    source: JSON.parse('{"settings":{"__proto__":{"polluted":2}}}'),
    target: JSON.parse('{"settings":{"__proto__":{"polluted":1}}}'),
    document: JSON.parse('{"settings":{"__proto__":{"polluted":2}}}'),
    moves: ['source changed /settings/__proto__/polluted'],
  },
];

const withoutBase: readonly Case[] = [
  {
    name: 'Without a base, what is equal is in step',
    type: 'export',
    base: undefined,
    source: { name: 'a', pageSize: 5 },
    target: { name: 'a', pageSize: 5 },
    document: { name: 'a', pageSize: 5 },
    moves: [],
  },
  {
    name: 'Without a base, two different values are a conflict; what one side alone has stays or comes',
    type: 'export',
    base: undefined,
    source: { name: 'a', http: { method: 'GET' } },
    target: { name: 'b', description: 'mine', http: { relativeURI: '/x' } },
    document: { name: 'b', description: 'mine', http: { relativeURI: '/x', method: 'GET' } },
    moves: [
      'both /name keep-target added',
      'target added /description',
      'target added /http/relativeURI',
      'source added /http/method',
    ],
  },
  {
    name: 'Without a base, elements are brought together by identity',
    type: 'flow',
    base: undefined,
    source: {
      aliases: [
        { alias: 'a', _exportId: exportId(1) },
        { alias: 'b', _exportId: exportId(2) },
      ],
    },
    target: {
      aliases: [
        { alias: 'a', _exportId: exportId(1) },
        { alias: 'c', _exportId: exportId(3) },
      ],
    },
    document: {
      aliases: [
        { alias: 'a', _exportId: exportId(1) },
        { alias: 'b', _exportId: exportId(2) },
        { alias: 'c', _exportId: exportId(3) },
      ],
    },
    moves: ['target added /aliases/1', 'source added /aliases/1'],
  },
];

const flows: readonly Case[] = [
  {
    name: '`disabled` of a flow is the target’s, whoever moved it',
    type: 'flow',
    base: { disabled: true, name: 'f' },
    source: { disabled: true, name: 'f' },
    target: { disabled: false, name: 'f' },
    document: { disabled: false, name: 'f' },
    moves: [],
  },
  {
    name: '`disabled` below the top of a flow is a member like any other',
    type: 'flow',
    base: { settings: { disabled: true } },
    source: { settings: { disabled: false } },
    target: { settings: { disabled: true } },
    document: { settings: { disabled: false } },
    moves: ['source changed /settings/disabled'],
  },
  {
    name: 'Page generators are told apart by their export',
    type: 'flow',
    base: { pageGenerators: [{ _exportId: exportId(1) }] },
    source: { pageGenerators: [{ _exportId: exportId(2) }, { _exportId: exportId(1), skipRetries: true }] },
    target: { pageGenerators: [{ _exportId: exportId(1), schedule: '? 0 1 ? * *' }] },
    document: {
      pageGenerators: [
        { _exportId: exportId(2) },
        { _exportId: exportId(1), skipRetries: true, schedule: '? 0 1 ? * *' },
      ],
    },
    moves: [
      'target added /pageGenerators/0/schedule',
      'source added /pageGenerators/0/skipRetries',
      'source added /pageGenerators/0',
    ],
  },
  {
    name: 'Page generators that name one export twice are one value',
    type: 'flow',
    base: { pageGenerators: [{ _exportId: exportId(1) }, { _exportId: exportId(1) }] },
    source: { pageGenerators: [{ _exportId: exportId(1) }] },
    target: { pageGenerators: [{ _exportId: exportId(1), skipRetries: true }, { _exportId: exportId(1) }] },
    document: { pageGenerators: [{ _exportId: exportId(1), skipRetries: true }, { _exportId: exportId(1) }] },
    moves: ['both /pageGenerators keep-target changed'],
  },
  {
    name: 'Source and tenant each put a page processor somewhere else: both stand in their places',
    type: 'flow',
    base: { pageProcessors: [lookup(1), send(1)] },
    source: { pageProcessors: [lookup(1), lookup(2), send(1)] },
    target: { pageProcessors: [lookup(1), send(1), send(2)] },
    document: { pageProcessors: [lookup(1), lookup(2), send(1), send(2)] },
    moves: ['target added /pageProcessors/2', 'source added /pageProcessors/1'],
  },
  {
    name: 'Both put page processors into the same gap: each run stays together, in an order of its own',
    type: 'flow',
    base: { pageProcessors: [lookup(1), send(1)] },
    source: { pageProcessors: [lookup(1), lookup(8), lookup(3), send(1)] },
    target: { pageProcessors: [lookup(1), lookup(5), lookup(9), send(1)] },
    document: { pageProcessors: [lookup(1), lookup(5), lookup(9), lookup(8), lookup(3), send(1)] },
    moves: [
      'target added /pageProcessors/1',
      'target added /pageProcessors/2',
      'source added /pageProcessors/1',
      'source added /pageProcessors/2',
    ],
  },
  {
    name: 'The source removed a page processor before one that the tenant changed',
    type: 'flow',
    base: { pageProcessors: [lookup(1), lookup(2), send(1)] },
    source: { pageProcessors: [lookup(2), send(1)] },
    target: { pageProcessors: [lookup(1), lookup(2, { proceedOnFailure: true }), send(1)] },
    document: { pageProcessors: [lookup(2, { proceedOnFailure: true }), send(1)] },
    moves: ['source removed /pageProcessors/0', 'target added /pageProcessors/1/proceedOnFailure'],
  },
  {
    name: 'Repeats of one page processor are told apart by their count',
    type: 'flow',
    base: { pageProcessors: [lookup(1, { n: 'a' }), lookup(1, { n: 'b' })] },
    source: { pageProcessors: [lookup(1, { n: 'a' }), lookup(1, { n: 'B' })] },
    target: { pageProcessors: [lookup(1, { n: 'A' }), lookup(1, { n: 'b' }), send(1)] },
    document: { pageProcessors: [lookup(1, { n: 'A' }), lookup(1, { n: 'B' }), send(1)] },
    moves: [
      'target changed /pageProcessors/0/n',
      'source changed /pageProcessors/1/n',
      'target added /pageProcessors/2',
    ],
  },
  {
    name: 'Both moved page processors, and the source repeats one: the first stays before its repeat',
    type: 'flow',
    base: { pageProcessors: [lookup(1), lookup(2), send(1)] },
    source: { pageProcessors: [send(1), lookup(1, { n: 'a' }), lookup(2), lookup(1, { n: 'b' })] },
    target: { pageProcessors: [lookup(2), lookup(1), send(1)] },
    document: { pageProcessors: [lookup(2), lookup(1, { n: 'a' }), lookup(1, { n: 'b' }), send(1)] },
    moves: [
      'source added /pageProcessors/1/n',
      'source added /pageProcessors/3',
      'both /pageProcessors keep-target changed',
    ],
  },
  {
    name: 'A page processor that refers to nothing yet makes the list one value',
    type: 'flow',
    base: { pageProcessors: [{ setupInProgress: true }] },
    source: { pageProcessors: [send(1)] },
    target: { pageProcessors: [{ setupInProgress: true }] },
    document: { pageProcessors: [send(1)] },
    moves: ['source changed /pageProcessors'],
  },
  {
    name: 'The source moved a page processor: the tenant’s own stays behind its neighbour',
    type: 'flow',
    base: { pageProcessors: [lookup(1), lookup(2), send(1)] },
    source: { pageProcessors: [lookup(2), lookup(1), send(1)] },
    target: { pageProcessors: [lookup(1), send(7), lookup(2), send(1)] },
    document: { pageProcessors: [lookup(2), lookup(1), send(7), send(1)] },
    moves: ['target added /pageProcessors/1', 'source changed /pageProcessors'],
  },
  {
    name: 'The tenant moved a page processor: its order stays, what the source added comes in',
    type: 'flow',
    base: { pageProcessors: [lookup(1), lookup(2), send(1)] },
    source: { pageProcessors: [lookup(1), lookup(2), lookup(3), send(1)] },
    target: { pageProcessors: [lookup(2), lookup(1), send(1)] },
    document: { pageProcessors: [lookup(2), lookup(3), lookup(1), send(1)] },
    moves: ['source added /pageProcessors/2', 'target changed /pageProcessors'],
  },
  {
    name: 'Both moved page processors, apart: a conflict of the order alone',
    type: 'flow',
    base: { pageProcessors: [lookup(1), lookup(2), send(1)] },
    source: { pageProcessors: [lookup(2), lookup(1), send(1)] },
    target: { pageProcessors: [send(1), lookup(1), lookup(2, { proceedOnFailure: true })] },
    policy: 'take-source',
    document: { pageProcessors: [lookup(2, { proceedOnFailure: true }), lookup(1), send(1)] },
    moves: ['target added /pageProcessors/2/proceedOnFailure', 'both /pageProcessors take-source changed'],
  },
  {
    name: 'The fields and lists of a response mapping are told apart by what they generate',
    type: 'flow',
    base: {
      pageProcessors: [
        lookup(1, {
          responseMapping: {
            fields: [field('id', 'data[0].id'), field('name', 'data[0].name')],
            lists: [{ generate: 'lines', fields: [field('sku', 'sku')] }],
          },
        }),
      ],
    },
    source: {
      pageProcessors: [
        lookup(1, {
          responseMapping: {
            fields: [field('name', 'data[0].fullName'), field('id', 'data[0].id')],
            lists: [{ generate: 'lines', fields: [field('sku', 'sku'), field('qty', 'quantity')] }],
          },
        }),
      ],
    },
    target: {
      pageProcessors: [
        lookup(1, {
          responseMapping: {
            fields: [field('id', 'data[0].key'), field('name', 'data[0].name')],
            lists: [
              { generate: 'lines', fields: [field('sku', 'item.sku')] },
              { generate: 'own', fields: [] },
            ],
          },
        }),
      ],
    },
    document: {
      pageProcessors: [
        lookup(1, {
          responseMapping: {
            fields: [field('name', 'data[0].fullName'), field('id', 'data[0].key')],
            lists: [
              { generate: 'lines', fields: [field('sku', 'item.sku'), field('qty', 'quantity')] },
              { generate: 'own', fields: [] },
            ],
          },
        }),
      ],
    },
    moves: [
      'target changed /pageProcessors/0/responseMapping/fields/0/extract',
      'source changed /pageProcessors/0/responseMapping/fields/1/extract',
      'source changed /pageProcessors/0/responseMapping/fields',
      'target changed /pageProcessors/0/responseMapping/lists/0/fields/0/extract',
      'source added /pageProcessors/0/responseMapping/lists/0/fields/1',
      'target added /pageProcessors/0/responseMapping/lists/1',
    ],
  },
  {
    name: 'Next flows are a set: both add one, the source removes one',
    type: 'flow',
    base: { _runNextFlowIds: [flowId(1), flowId(2)] },
    source: { _runNextFlowIds: [flowId(2), flowId(3)] },
    target: { _runNextFlowIds: [flowId(1), flowId(2), flowId(4)] },
    document: { _runNextFlowIds: [flowId(2), flowId(3), flowId(4)] },
    moves: [
      'source removed /_runNextFlowIds/0',
      'target added /_runNextFlowIds/2',
      'source added /_runNextFlowIds/1',
    ],
  },
  {
    name: 'Next flows in another order are the same',
    type: 'flow',
    base: { _runNextFlowIds: [flowId(1), flowId(2), flowId(3)] },
    source: { _runNextFlowIds: [flowId(3), flowId(2), flowId(1)] },
    target: { _runNextFlowIds: [flowId(2), flowId(3), flowId(1)] },
    document: { _runNextFlowIds: [flowId(2), flowId(3), flowId(1)] },
    moves: [],
  },
  {
    name: 'Links from a listener to a next flow are told apart by both their ids',
    type: 'flow',
    base: { _runNextExportIds: [{ _flowId: flowId(1), _exportId: exportId(1) }] },
    source: {
      _runNextExportIds: [
        { _flowId: flowId(1), _exportId: exportId(1) },
        { _flowId: flowId(1), _exportId: exportId(2) },
      ],
    },
    target: { _runNextExportIds: [] },
    document: { _runNextExportIds: [{ _flowId: flowId(1), _exportId: exportId(2) }] },
    moves: ['target removed /_runNextExportIds/0', 'source added /_runNextExportIds/1'],
  },
  {
    name: 'Aliases are told apart by name: one each side, and one both, apart',
    type: 'flow',
    base: { aliases: [{ alias: 'in', _exportId: exportId(1) }] },
    source: {
      aliases: [
        { alias: 'in', _exportId: exportId(2) },
        { alias: 'out', _importId: importId(1) },
      ],
    },
    target: {
      aliases: [
        { alias: 'own', _flowId: flowId(1) },
        { alias: 'in', _exportId: exportId(3) },
      ],
    },
    document: {
      aliases: [
        { alias: 'own', _flowId: flowId(1) },
        { alias: 'in', _exportId: exportId(3) },
        { alias: 'out', _importId: importId(1) },
      ],
    },
    moves: [
      'target added /aliases/0',
      'both /aliases/1/_exportId keep-target changed',
      'source added /aliases/1',
    ],
  },
  {
    name: 'Overrides of an instance are told apart by what they stand for',
    type: 'flow',
    base: {
      overrides: {
        connections: [
          { _abstractId: 'a', _id: '1' },
          { _abstractId: 'b', _id: '2' },
        ],
      },
    },
    source: { overrides: { connections: [{ _abstractId: 'b', _id: '3' }] } },
    target: {
      overrides: {
        connections: [
          { _abstractId: 'a', _id: '1' },
          { _abstractId: 'b', _id: '2', n: 1 },
        ],
      },
    },
    document: { overrides: { connections: [{ _abstractId: 'b', _id: '3', n: 1 }] } },
    moves: [
      'source removed /overrides/connections/0',
      'source changed /overrides/connections/1/_id',
      'target added /overrides/connections/1/n',
    ],
  },
];

const branching: readonly Case[] = [
  {
    name: 'Routers are told apart by id, whatever their place',
    type: 'flow',
    base: {
      routers: [
        { id: 'r1', name: 'one', branches: [] },
        { id: 'r2', name: 'two', branches: [] },
      ],
    },
    source: {
      routers: [
        { id: 'r2', name: 'TWO', branches: [] },
        { id: 'r1', name: 'one', branches: [] },
      ],
    },
    target: {
      routers: [
        { id: 'r1', name: 'uno', branches: [] },
        { id: 'r2', name: 'two', branches: [] },
        { id: 'own', branches: [] },
      ],
    },
    document: {
      routers: [
        { id: 'r2', name: 'TWO', branches: [] },
        { id: 'own', branches: [] },
        { id: 'r1', name: 'uno', branches: [] },
      ],
    },
    moves: [
      'target changed /routers/0/name',
      'source changed /routers/1/name',
      'target added /routers/2',
      'source changed /routers',
    ],
  },
  {
    name: 'Branches are told apart by branchId, even where one was renamed',
    type: 'flow',
    base: {
      routers: [
        {
          id: 'r',
          branches: [
            { branchId: 'b1', name: 'EU' },
            { branchId: 'b2', name: 'US' },
          ],
        },
      ],
    },
    source: {
      routers: [
        {
          id: 'r',
          branches: [
            { branchId: 'b1', name: 'Europe' },
            { branchId: 'b2', name: 'US' },
          ],
        },
      ],
    },
    target: {
      routers: [
        {
          id: 'r',
          branches: [
            { branchId: 'b1', name: 'EU', pageProcessors: [send(1)] },
            { branchId: 'b3', name: 'Asia' },
            { branchId: 'b2', name: 'US' },
          ],
        },
      ],
    },
    document: {
      routers: [
        {
          id: 'r',
          branches: [
            { branchId: 'b1', name: 'Europe', pageProcessors: [send(1)] },
            { branchId: 'b3', name: 'Asia' },
            { branchId: 'b2', name: 'US' },
          ],
        },
      ],
    },
    moves: [
      'source changed /routers/0/branches/0/name',
      'target added /routers/0/branches/0/pageProcessors',
      'target added /routers/0/branches/1',
    ],
  },
  {
    name: 'Branches without branchId on one side are told apart by name',
    type: 'flow',
    base: { routers: [{ id: 'r', branches: [{ name: 'EU' }, { name: 'US' }] }] },
    source: { routers: [{ id: 'r', branches: [{ name: 'EU', description: 'Europe' }, { name: 'US' }] }] },
    target: {
      routers: [
        {
          id: 'r',
          branches: [
            { name: 'EU', branchId: 'x' },
            { name: 'US', branchId: 'y' },
          ],
        },
      ],
    },
    document: {
      routers: [
        {
          id: 'r',
          branches: [
            { name: 'EU', branchId: 'x', description: 'Europe' },
            { name: 'US', branchId: 'y' },
          ],
        },
      ],
    },
    moves: [
      'target added /routers/0/branches/0/branchId',
      'source added /routers/0/branches/0/description',
      'target added /routers/0/branches/1/branchId',
    ],
  },
  {
    name: 'Branches of one name without branchId are one value',
    type: 'flow',
    base: {
      routers: [
        {
          id: 'r',
          branches: [
            { name: 'x', n: 1 },
            { name: 'x', n: 2 },
          ],
        },
      ],
    },
    source: {
      routers: [
        {
          id: 'r',
          branches: [
            { name: 'x', n: 3 },
            { name: 'x', n: 2 },
          ],
        },
      ],
    },
    target: {
      routers: [
        {
          id: 'r',
          branches: [
            { name: 'x', n: 1 },
            { name: 'x', n: 2 },
          ],
        },
      ],
    },
    document: {
      routers: [
        {
          id: 'r',
          branches: [
            { name: 'x', n: 3 },
            { name: 'x', n: 2 },
          ],
        },
      ],
    },
    moves: ['source changed /routers/0/branches'],
  },
  {
    name: 'Page processors in a branch are told apart by what they refer to',
    type: 'flow',
    base: { routers: [{ id: 'r', branches: [{ branchId: 'b', pageProcessors: [lookup(1), send(1)] }] }] },
    source: {
      routers: [{ id: 'r', branches: [{ branchId: 'b', pageProcessors: [lookup(1), send(2), send(1)] }] }],
    },
    target: {
      routers: [
        { id: 'r', branches: [{ branchId: 'b', pageProcessors: [send(1, { proceedOnFailure: true })] }] },
      ],
    },
    document: {
      routers: [
        {
          id: 'r',
          branches: [{ branchId: 'b', pageProcessors: [send(2), send(1, { proceedOnFailure: true })] }],
        },
      ],
    },
    moves: [
      'target added /routers/0/branches/0/pageProcessors/0/proceedOnFailure',
      'target removed /routers/0/branches/0/pageProcessors/0',
      'source added /routers/0/branches/0/pageProcessors/1',
    ],
  },
  {
    name: 'The rules of a branch’s filter are one value',
    type: 'flow',
    base: {
      routers: [{ id: 'r', branches: [{ branchId: 'b', inputFilter: { rules: ['equals', 'a', 'b'] } }] }],
    },
    source: {
      routers: [{ id: 'r', branches: [{ branchId: 'b', inputFilter: { rules: ['equals', 'a', 'c'] } }] }],
    },
    target: {
      routers: [{ id: 'r', branches: [{ branchId: 'b', inputFilter: { rules: ['notequals', 'a', 'b'] } }] }],
    },
    policy: [{ type: 'flow', path: '/routers/*/branches/*/inputFilter', policy: 'take-source' }],
    document: {
      routers: [{ id: 'r', branches: [{ branchId: 'b', inputFilter: { rules: ['equals', 'a', 'c'] } }] }],
    },
    moves: ['both /routers/0/branches/0/inputFilter/rules take-source changed'],
  },
  {
    name: 'The source removed a router that the tenant leads a new branch to: the routers are one value',
    type: 'flow',
    base: {
      routers: [
        { id: 'r1', branches: [{ branchId: 'a', nextRouterId: 'r2' }] },
        { id: 'r2', branches: [] },
      ],
    },
    source: { routers: [{ id: 'r1', branches: [{ branchId: 'a' }] }] },
    target: {
      routers: [
        {
          id: 'r1',
          branches: [
            { branchId: 'a', nextRouterId: 'r2' },
            { branchId: 'b', nextRouterId: 'r2' },
          ],
        },
        { id: 'r2', branches: [] },
      ],
    },
    document: {
      routers: [
        {
          id: 'r1',
          branches: [
            { branchId: 'a', nextRouterId: 'r2' },
            { branchId: 'b', nextRouterId: 'r2' },
          ],
        },
        { id: 'r2', branches: [] },
      ],
    },
    moves: ['both /routers keep-target changed'],
  },
  {
    name: 'The source went from page processors to routers, the tenant did not move: the routers replace them',
    type: 'flow',
    base: { pageProcessors: [send(1)] },
    source: { routers: [{ id: 'r', branches: [{ name: 'all', pageProcessors: [send(1)] }] }] },
    target: { pageProcessors: [send(1)] },
    document: { routers: [{ id: 'r', branches: [{ name: 'all', pageProcessors: [send(1)] }] }] },
    moves: ['source changed /pageProcessors'],
  },
  {
    name: 'The source went from page processors to routers, the tenant changed a processor: never both',
    type: 'flow',
    base: { pageProcessors: [send(1)] },
    source: { routers: [{ id: 'r', branches: [{ name: 'all', pageProcessors: [send(1)] }] }] },
    target: { pageProcessors: [send(1, { proceedOnFailure: true })] },
    document: { pageProcessors: [send(1, { proceedOnFailure: true })] },
    moves: ['both /pageProcessors keep-target changed'],
  },
];

const otherTypes: readonly Case[] = [
  {
    name: 'Mappings are told apart by what they generate, all the way down',
    type: 'import',
    base: {
      mappings: [
        { generate: 'id', extract: '$.id' },
        {
          generate: 'lines',
          buildArrayHelper: [{ extract: '$.lines[*]', mappings: [{ generate: 'sku', extract: '$.sku' }] }],
        },
      ],
    },
    source: {
      mappings: [
        { generate: 'id', extract: '$.key' },
        {
          generate: 'lines',
          buildArrayHelper: [
            {
              extract: '$.lines[*]',
              mappings: [
                { generate: 'sku', extract: '$.sku' },
                { generate: 'qty', extract: '$.qty' },
              ],
            },
          ],
        },
      ],
    },
    target: {
      mappings: [
        { generate: 'id', extract: '$.id' },
        { generate: 'shop', hardCodedValue: 'acme' },
        {
          generate: 'lines',
          buildArrayHelper: [{ extract: '$.lines[*]', mappings: [{ generate: 'sku', extract: '$.item' }] }],
        },
      ],
    },
    document: {
      mappings: [
        { generate: 'id', extract: '$.key' },
        { generate: 'shop', hardCodedValue: 'acme' },
        {
          generate: 'lines',
          buildArrayHelper: [
            {
              extract: '$.lines[*]',
              mappings: [
                { generate: 'sku', extract: '$.item' },
                { generate: 'qty', extract: '$.qty' },
              ],
            },
          ],
        },
      ],
    },
    moves: [
      'source changed /mappings/0/extract',
      'target added /mappings/1',
      'target changed /mappings/2/buildArrayHelper/0/mappings/0/extract',
      'source added /mappings/2/buildArrayHelper/0/mappings/1',
    ],
  },
  {
    name: 'The one mapping that makes the whole record needs no name',
    type: 'import',
    base: { mappings: [{ dataType: 'objectarray', status: 'Active' }] },
    source: { mappings: [{ dataType: 'objectarray', status: 'Draft' }] },
    target: { mappings: [{ dataType: 'objectarray', status: 'Active', description: 'mine' }] },
    document: { mappings: [{ dataType: 'objectarray', status: 'Draft', description: 'mine' }] },
    moves: ['source changed /mappings/0/status', 'target added /mappings/0/description'],
  },
  {
    name: 'Two mappings that generate the same make the list one value',
    type: 'import',
    base: {
      mappings: [
        { generate: 'a', extract: '1' },
        { generate: 'a', extract: '2' },
      ],
    },
    source: {
      mappings: [
        { generate: 'a', extract: '3' },
        { generate: 'a', extract: '2' },
      ],
    },
    target: {
      mappings: [
        { generate: 'a', extract: '1' },
        { generate: 'a', extract: '4' },
      ],
    },
    policy: 'take-source',
    document: {
      mappings: [
        { generate: 'a', extract: '3' },
        { generate: 'a', extract: '2' },
      ],
    },
    moves: ['both /mappings take-source changed'],
  },
  {
    name: 'The fields and lists of an older mapping are told apart by what they generate',
    type: 'import',
    base: {
      netsuite_da: {
        mapping: { fields: [field('a', 'a')], lists: [{ generate: 'item', fields: [field('sku', 'sku')] }] },
      },
      mapping: { fields: [field('a', 'a'), field('b', 'b')] },
    },
    source: {
      netsuite_da: {
        mapping: { fields: [field('a', 'x')], lists: [{ generate: 'item', fields: [field('sku', 'SKU')] }] },
      },
      mapping: { fields: [field('b', 'b')] },
    },
    target: {
      netsuite_da: {
        mapping: {
          fields: [field('a', 'a'), field('own', 'o')],
          lists: [{ generate: 'item', fields: [field('sku', 'sku'), field('own', 'o')] }],
        },
      },
      mapping: { fields: [field('a', 'a'), field('b', 'b')] },
    },
    document: {
      netsuite_da: {
        mapping: {
          fields: [field('a', 'x'), field('own', 'o')],
          lists: [{ generate: 'item', fields: [field('sku', 'SKU'), field('own', 'o')] }],
        },
      },
      mapping: { fields: [field('b', 'b')] },
    },
    moves: [
      'source changed /netsuite_da/mapping/fields/0/extract',
      'target added /netsuite_da/mapping/fields/1',
      'source changed /netsuite_da/mapping/lists/0/fields/0/extract',
      'target added /netsuite_da/mapping/lists/0/fields/1',
      'source removed /mapping/fields/0',
    ],
  },
  {
    name: 'Lookups are told apart by name, their maps by key',
    type: 'import',
    base: { http: { lookups: [{ name: 'country', map: { DE: 'Germany' } }] } },
    source: { http: { lookups: [{ name: 'country', map: { DE: 'Germany', FR: 'France' } }] } },
    target: {
      http: {
        lookups: [
          { name: 'own', map: {} },
          { name: 'country', map: { DE: 'Deutschland' } },
        ],
      },
    },
    document: {
      http: {
        lookups: [
          { name: 'own', map: {} },
          { name: 'country', map: { DE: 'Deutschland', FR: 'France' } },
        ],
      },
    },
    moves: [
      'target added /http/lookups/0',
      'target changed /http/lookups/1/map/DE',
      'source added /http/lookups/1/map/FR',
    ],
  },
  {
    name: 'Headers are told apart by name',
    type: 'export',
    base: {
      http: {
        headers: [
          { name: 'accept', value: 'text/csv' },
          { name: 'x-old', value: '1' },
        ],
      },
    },
    source: { http: { headers: [{ name: 'accept', value: 'application/json' }] } },
    target: {
      http: {
        headers: [
          { name: 'accept', value: 'text/csv' },
          { name: 'x-old', value: '1' },
          { name: 'x-shop', value: 'acme' },
        ],
      },
    },
    document: {
      http: {
        headers: [
          { name: 'accept', value: 'application/json' },
          { name: 'x-shop', value: 'acme' },
        ],
      },
    },
    moves: [
      'source changed /http/headers/0/value',
      'source removed /http/headers/1',
      'target added /http/headers/2',
    ],
  },
  {
    name: 'Flow groups of an integration are told apart by name',
    type: 'integration',
    base: { flowGroupings: [{ name: 'Orders' }] },
    source: { flowGroupings: [{ name: 'Items' }, { name: 'Orders', settings: { a: 1 } }] },
    target: { flowGroupings: [{ name: 'Orders' }, { name: 'Ours' }] },
    document: {
      flowGroupings: [{ name: 'Items' }, { name: 'Orders', settings: { a: 1 } }, { name: 'Ours' }],
    },
    moves: [
      'source added /flowGroupings/0/settings',
      'target added /flowGroupings/1',
      'source added /flowGroupings/0',
    ],
  },
  {
    name: 'An element that one side changed and the other removed is a conflict of the element',
    type: 'integration',
    base: {
      aliases: [
        { alias: 'a', _flowId: flowId(1) },
        { alias: 'b', _flowId: flowId(2) },
      ],
    },
    source: { aliases: [{ alias: 'a', _flowId: flowId(1) }] },
    target: {
      aliases: [
        { alias: 'a', _flowId: flowId(1) },
        { alias: 'b', _flowId: flowId(3) },
      ],
    },
    document: {
      aliases: [
        { alias: 'a', _flowId: flowId(1) },
        { alias: 'b', _flowId: flowId(3) },
      ],
    },
    moves: ['both /aliases/1 keep-target changed'],
  },
  {
    name: 'A list that the source emptied loses what the tenant had not added',
    type: 'integration',
    base: { apiGroupings: [{ name: 'a' }] },
    source: {},
    target: { apiGroupings: [{ name: 'a' }, { name: 'own' }] },
    document: { apiGroupings: [{ name: 'own' }] },
    moves: ['source removed /apiGroupings/0', 'target added /apiGroupings/1'],
  },
  {
    name: 'Routers of a tool are merged as those of a flow',
    type: 'tool',
    base: { routers: [{ id: 'r', name: 'one' }] },
    source: { routers: [{ id: 'r', name: 'two' }, { id: 's' }] },
    target: { routers: [{ id: 'r', name: 'one', routeRecordsTo: 'all_matching_branches' }] },
    document: {
      routers: [{ id: 'r', name: 'two', routeRecordsTo: 'all_matching_branches' }, { id: 's' }],
    },
    moves: [
      'source changed /routers/0/name',
      'target added /routers/0/routeRecordsTo',
      'source added /routers/1',
    ],
  },
];

const tenantPaths: readonly Case[] = [
  {
    name: 'An override’s value is the tenant’s own, though the source has another',
    type: 'export',
    base: { http: { relativeURI: '/acme/orders' }, pageSize: 5 },
    source: { http: { relativeURI: '/v2/orders' }, pageSize: 6 },
    target: { http: { relativeURI: '/acme/orders' }, pageSize: 5 },
    policy: 'take-source',
    tenantPaths: ['/http/relativeURI'],
    document: { http: { relativeURI: '/acme/orders' }, pageSize: 6 },
    moves: ['target changed /http/relativeURI', 'source changed /pageSize'],
  },
  {
    name: 'What lies below an override’s path is the tenant’s own too',
    type: 'export',
    base: { http: { relativeURI: '/a', paging: { method: 'page' } } },
    source: { http: { relativeURI: '/b', paging: { method: 'skip' } } },
    target: { http: { relativeURI: '/a', paging: { method: 'token' } } },
    tenantPaths: ['/http'],
    document: { http: { relativeURI: '/a', paging: { method: 'token' } } },
    moves: ['target changed /http'],
  },
  {
    name: 'The source removed the object around an override’s value: the value stays, the rest goes',
    type: 'export',
    base: { delta: { dateField: 'updated', lagOffset: 9 } },
    source: {},
    target: { delta: { dateField: 'updated', lagOffset: 9 } },
    tenantPaths: ['/delta/lagOffset'],
    document: { delta: { lagOffset: 9 } },
    moves: ['source removed /delta/dateField', 'target added /delta/lagOffset'],
  },
  {
    name: 'An override in an element holds for that element, wherever it went',
    type: 'import',
    base: {
      mappings: [
        { generate: 'a', extract: 'mine' },
        { generate: 'b', extract: '1' },
      ],
    },
    source: {
      mappings: [
        { generate: 'b', extract: '2' },
        { generate: 'a', extract: 'new' },
      ],
    },
    target: {
      mappings: [
        { generate: 'a', extract: 'mine' },
        { generate: 'b', extract: '1' },
      ],
    },
    tenantPaths: ['/mappings/1/extract'],
    document: {
      mappings: [
        { generate: 'b', extract: '2' },
        { generate: 'a', extract: 'mine' },
      ],
    },
    moves: [
      'target changed /mappings/0/extract',
      'source changed /mappings/1/extract',
      'source changed /mappings',
    ],
  },
  {
    name: 'An element that an override appended stays, though the source never had it',
    type: 'import',
    base: {
      mappings: [
        { generate: 'a', extract: '1' },
        { generate: 'shop', hardCodedValue: 'acme' },
      ],
    },
    source: { mappings: [{ generate: 'a', extract: '2' }] },
    target: {
      mappings: [
        { generate: 'a', extract: '1' },
        { generate: 'shop', hardCodedValue: 'acme' },
      ],
    },
    tenantPaths: ['/mappings/-'],
    document: {
      mappings: [
        { generate: 'a', extract: '2' },
        { generate: 'shop', hardCodedValue: 'acme' },
      ],
    },
    moves: ['source changed /mappings/0/extract', 'target added /mappings/1'],
  },
  {
    name: 'An override inside a list without identities makes the list the tenant’s own',
    type: 'import',
    base: { http: { method: ['PUT'] } },
    source: { http: { method: ['POST'] } },
    target: { http: { method: ['PUT'] } },
    tenantPaths: ['/http/method/0'],
    document: { http: { method: ['PUT'] } },
    moves: ['target changed /http/method'],
  },
];

export const CASES: readonly Case[] = [
  ...plainValues,
  ...withoutBase,
  ...flows,
  ...branching,
  ...otherTypes,
  ...tenantPaths,
];
