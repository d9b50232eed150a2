import { describe, expect, test } from '@jest/globals';
import type { JsonObject, ResourceType } from '../../../core/model/resource.ts';
import { comparable, DEFAULTS } from '../../../core/references/index.ts';
import { idOf } from './ids.ts';

const form = (type: ResourceType, document: JsonObject) => JSON.stringify(comparable(type, document));

describe('Two documents compare equal', () => {
  const sent: JsonObject = {
    name: 'Orders',
    routers: [
      { id: 'r', branches: [{ name: 'a', pageProcessors: [{ type: 'import', _importId: idOf('import') }] }] },
    ],
    settings: { keep: null, list: [] },
  };

  test('when the server only stamped one of them', () => {
    const stored = {
      _id: idOf('flow'),
      autoResolveMatchingTraceKeys: true,
      ...sent,
      disabled: true,
      lastModified: '2026-01-01T00:00:00.000Z',
      _runNextFlowIds: [],
      schedule: null,
      routers: [
        {
          id: 'r',
          branches: [
            {
              branchId: 'made',
              name: 'a',
              pageProcessors: [
                { responseMapping: { fields: [], lists: [] }, type: 'import', _importId: idOf('import') },
              ],
            },
          ],
        },
      ],
    };

    expect(form('flow', stored)).toBe(form('flow', sent));
  });

  test.each(DEFAULTS.map((rule) => [`${rule.in} ${rule.path}`, rule] as const))(
    'with and without the default of %s, and not with another value',
    (_, { in: type, path, value }) => {
      const parts = path
        .split('.')
        .flatMap((part) => (part.endsWith('[]') ? [part.slice(0, -2), 0] : [part]));
      const make = (leaf: JsonObject) =>
        parts
          .slice(0, -1)
          .reduceRight<unknown>(
            (inner, part) => (part === 0 ? [inner] : { [part]: inner }),
            leaf,
          ) as JsonObject;
      const own = type === '*' ? 'flow' : type;
      const field = String(parts.at(-1));

      expect(form(own, make({ a: 1, [field]: value }))).toBe(form(own, make({ a: 1 })));
      expect(form(own, make({ a: 1, [field]: !value }))).not.toBe(form(own, make({ a: 1 })));
    },
  );

  test('not when a value, an element or a free setting differs', () => {
    const others: JsonObject[] = [
      { ...sent, name: 'Others' },
      { ...sent, routers: [] },
      { ...sent, settings: { list: [] } },
      { ...sent, settings: { keep: null } },
      { ...sent, pageGenerators: [{}] },
    ];

    for (const other of others) expect(form('flow', other)).not.toBe(form('flow', sent));
  });

  test('not when elements change their order or become fewer', () => {
    expect(form('import', { http: { method: ['A', 'B'] } })).not.toBe(
      form('import', { http: { method: ['B', 'A'] } }),
    );
    expect(form('import', { list: [{}, {}] })).not.toBe(form('import', { list: [{}] }));
  });
});
