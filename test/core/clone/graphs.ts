import fc from 'fast-check';
import type { Document, JsonObject } from '../../../core/model/resource.ts';
import { idOf } from '../references/ids.ts';
import { connection, type Documents, exporting, flow, importing, integration, script } from './world.ts';

const COUNT = { integration: 2, flow: 4, export: 4, import: 3, script: 3, connection: 2 } as const;
type Kind = keyof typeof COUNT;

const oneOf = (kind: Kind): fc.Arbitrary<string> =>
  fc.integer({ min: 1, max: COUNT[kind] }).map((number) => idOf(kind, number));
const some = (kind: Kind, most: number): fc.Arbitrary<string[]> =>
  fc.uniqueArray(oneOf(kind), { maxLength: most });
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });
const anyId = fc.oneof(...(Object.keys(COUNT) as Kind[]).map(oneOf));

/** Text with ids in it, and with what only looks like ids. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  anyId.map((id) => `{{lookup "${id}"}}`),
  oneOf('export').map((id) => `/v1/exports/${id}/data`),
  oneOf('flow').map((id) => `see _flowId: '${id}';`),
  anyId.map((id) => `${id}ab`),
  anyId.map((id) => `sha256-${id}${id}`),
  anyId.map((id) => id.toUpperCase()),
);
/** What stands in places that are never references. */
const lookalike = fc.oneof(
  anyId,
  fc.string({ maxLength: 8 }).map((name) => `r${name}`),
);

/** Members that most resources may have. */
const extras = fc
  .record({
    description: maybe(text),
    externalId: maybe(lookalike),
    settings: maybe(
      fc.dictionary(
        fc.constantFrom('a', 'b', 'ü', 'long name'),
        fc.oneof(text, fc.integer(), fc.boolean(), fc.array(text, { maxLength: 2 })),
        { maxKeys: 3 },
      ),
    ),
    sampleData: maybe(fc.record({ id: anyId, note: text })),
  })
  .map((members): JsonObject => JSON.parse(JSON.stringify(members)) as JsonObject);

const steps = fc
  .array(
    fc.oneof(
      oneOf('import').map((id): JsonObject => ({ type: 'import', _importId: id })),
      oneOf('export').map((id): JsonObject => ({ type: 'export', _exportId: id })),
    ),
    { maxLength: 3 },
  )
  .chain((list) =>
    fc.array(maybe(oneOf('script')), { minLength: list.length, maxLength: list.length }).map((scripts) =>
      list.map((step, index): JsonObject => {
        const _scriptId = scripts[index];
        return _scriptId === undefined
          ? step
          : { ...step, hooks: { postResponseMap: { _scriptId, function: 'after' } } };
      }),
    ),
  );

const shape = fc.oneof(
  fc.record({ exports: some('export', 2), steps }).map(
    ({ exports, steps: pageProcessors }): JsonObject => ({
      pageGenerators: exports.map((_exportId) => ({ _exportId })),
      pageProcessors,
    }),
  ),
  fc
    .record({ exports: some('export', 2), first: steps, second: steps, router: lookalike, branch: lookalike })
    .map(
      ({ exports, first, second, router, branch }): JsonObject => ({
        pageGenerators: exports.map((_exportId) => ({ _exportId })),
        pageProcessors: [],
        routers: [
          {
            id: router,
            branches: [{ name: 'one', branchId: branch, pageProcessors: first, nextRouterId: `${router}2` }],
          },
          { id: `${router}2`, branches: [{ name: 'two', branchId: `${branch}2`, pageProcessors: second }] },
        ],
      }),
    ),
  fc
    .record({ _exportId: oneOf('export'), _importId: oneOf('import') })
    .map((legacy): JsonObject => ({ pageGenerators: [], pageProcessors: [], ...legacy })),
);

const flows = fc.tuple(
  ...Array.from({ length: COUNT.flow }, (_, index) =>
    fc
      .record({
        shape,
        extras,
        next: some('flow', 3),
        behind: maybe(oneOf('flow')),
        integration: maybe(oneOf('integration')),
        group: maybe(fc.integer({ min: 1, max: 2 })),
        disabled: fc.boolean(),
      })
      .map((one): Document => {
        const number = Number(one.integration?.slice(-2) ?? 0);
        return flow(index + 1, {
          ...one.shape,
          ...one.extras,
          _integrationId: one.integration ?? null,
          _runNextFlowIds: one.next,
          disabled: one.disabled,
          ...(one.behind === undefined ? {} : { _keepDeltaBehindFlowId: one.behind }),
          ...(one.group === undefined || number === 0
            ? {}
            : { _flowGroupingId: idOf('flowgrouping', number * 10 + one.group) }),
        });
      }),
  ),
);

const exports = fc.tuple(
  ...Array.from({ length: COUNT.export }, (_, index) =>
    fc
      .record({
        extras,
        hook: maybe(oneOf('script')),
        filter: maybe(oneOf('script')),
        helper: fc.boolean(),
        uri: text,
        form: maybe(oneOf('export')),
      })
      .map(
        (one): Document =>
          exporting(index + 1, {
            ...one.extras,
            _connectionId: idOf('connection', (index % 2) + 1),
            http: {
              method: 'GET',
              relativeURI: one.uri,
              // What tells the state of an asynchronous call is not asynchronous itself.
              ...(one.helper && index > 0 ? { _asyncHelperId: idOf('asynchelper') } : {}),
            },
            ...(one.hook === undefined
              ? {}
              : { hooks: { preSavePage: { _scriptId: one.hook, function: 'f' } } }),
            ...(one.filter === undefined
              ? {}
              : { filter: { type: 'script', script: { _scriptId: one.filter } } }),
            ...(one.form === undefined
              ? {}
              : { settingsForm: { form: { virtual: { _exportId: one.form } } } }),
          }),
      ),
  ),
);

const imports = fc.tuple(
  ...Array.from({ length: COUNT.import }, (_, index) =>
    fc.record({ extras, hook: maybe(oneOf('script')), body: text }).map(
      (one): Document =>
        importing(index + 1, {
          ...one.extras,
          http: { method: ['POST'], relativeURI: ['/'], body: [one.body] },
          ...(one.hook === undefined ? {} : { hooks: { preMap: { _scriptId: one.hook, function: 'f' } } }),
        }),
    ),
  ),
);

const scripts = fc.tuple(
  ...Array.from({ length: COUNT.script }, (_, index) =>
    fc.array(text, { maxLength: 4 }).map((lines) => script(index + 1, lines.join('\n'))),
  ),
);

/** Accounts with circles, shared resources, ids in text and what only looks like ids, all of which resolve. */
export const graphs: fc.Arbitrary<Documents> = fc
  .record({ flows, exports, imports, scripts, result: maybe(oneOf('export')), aliased: some('flow', 3) })
  .map(({ result, aliased, ...rest }) => ({
    ...rest,
    integrations: [1, 2].map((number) =>
      integration(number, {
        flowGroupings: [1, 2].map((group) => ({
          _id: idOf('flowgrouping', number * 10 + group),
          name: `Group ${number}${group}`,
        })),
        aliases: aliased.map((_flowId, index) => ({ alias: `a${number}${index}`, _flowId })),
      }),
    ),
    connections: [connection(1), connection(2)],
    asynchelpers: [
      {
        _id: idOf('asynchelper'),
        name: 'Wait',
        http: {
          submit: { sameAsStatus: true },
          status: { _exportId: idOf('export') },
          ...(result === undefined ? {} : { result: { _exportId: result } }),
        },
      },
    ],
  }));
