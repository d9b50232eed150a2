import { describe, expect, test } from '@jest/globals';
import { type JsonObject, RESOURCE_TYPES } from '../../../core/model/resource.ts';
import { forCreate, forUpdate, maskedPaths, STRIPS, samplePaths } from '../../../core/references/index.ts';
import { idOf } from './ids.ts';
import { nested, valueAt } from './values.ts';

const WITHOUT = { copySampleData: false };

/** A document that has this path, and the pointer to it. */
function documentWith(path: string): { document: JsonObject; pointer: string } {
  const keys = path.replace('**', 'deep').replace('__*', '__bookkeeping').replace('install*', 'installSteps');
  const parts = keys.split('.').flatMap((part) => (part.endsWith('[]') ? [part.slice(0, -2), 0] : [part]));
  const document = parts.reduceRight<unknown>(
    (value, part) => (part === 0 ? [value] : { [part]: value }),
    'value',
  );
  return { document: document as JsonObject, pointer: `/${parts.join('/')}` };
}

describe('What does not travel', () => {
  test.each(STRIPS.map((rule) => [`${rule.in} ${rule.path}`, rule] as const))(
    '%s goes as its rule says',
    (_, rule) => {
      const type = rule.in === '*' ? 'flow' : rule.in;
      const { document, pointer } = documentWith(rule.path);

      const created = valueAt(forCreate(type, document, WITHOUT), pointer);
      const updated = valueAt(forUpdate(type, document, WITHOUT), pointer);

      expect(created).toBe(rule.on.includes('create') ? undefined : 'value');
      expect(updated).toBe(rule.on.includes('update') ? undefined : 'value');
    },
  );

  test('is the same for every type where the rule says so', () => {
    const document = { _id: idOf('flow'), createdAt: 'then', _sourceId: idOf('flow'), __v: 3, name: 'kept' };

    for (const type of RESOURCE_TYPES) expect(forCreate(type, document, WITHOUT)).toEqual({ name: 'kept' });
  });

  test('leaves everything else byte for byte, in its order', () => {
    const document = {
      z: [null, '', { b: 1, a: [] }],
      _id: 'x',
      name: 'n',
      a: {},
      settings: { __own: 1, _id: 2 },
    };

    expect(JSON.stringify(forCreate('flow', document, WITHOUT))).toBe(
      '{"z":[null,"",{"b":1,"a":[]}],"name":"n","a":{},"settings":{"__own":1,"_id":2}}',
    );
  });

  test('is sample data, at any depth, unless it is asked for', () => {
    const document = {
      name: 'x',
      sampleData: { a: 1 },
      settingsForm: { virtual: { mockOutput: 'b', kept: 1 } },
    };

    expect(forCreate('export', document, WITHOUT)).toEqual({
      name: 'x',
      settingsForm: { virtual: { kept: 1 } },
    });
    expect(forCreate('export', document, { copySampleData: true })).toEqual(document);
    expect(samplePaths(document)).toEqual(['/sampleData', '/settingsForm/virtual/mockOutput']);
    expect(samplePaths({ sampleData: null, mockResponse: '' })).toEqual([]);
  });

  test('are masked values, wherever they stand', () => {
    const document = {
      http: {
        auth: { token: { token: '******', location: 'header' } },
        headers: [{ name: 'a', value: '********' }],
      },
      list: ['******', 'b'],
      price: '*****',
      note: '****** not only',
    };

    const created = forCreate('export', document, WITHOUT);

    expect(maskedPaths(document)).toEqual(['/http/auth/token/token', '/http/headers/0/value', '/list/0']);
    expect(created).toEqual({
      http: { auth: { token: { location: 'header' } }, headers: [{ name: 'a' }] },
      list: ['b'],
      price: '*****',
      note: '****** not only',
    });
    expect(maskedPaths(created)).toEqual([]);
  });

  test('is every credential of a connection, and not what configures it', () => {
    const document = {
      type: 'http',
      http: {
        baseURI: 'https://example.com',
        auth: {
          type: 'token',
          token: { token: 'secret', headerName: 'x' },
          basic: { username: 'u', password: 'p' },
        },
        encrypted: { key: 'secret' },
        _iClientId: idOf('iclient'),
      },
      ssl: { pfx: 'secret' },
    };

    expect(forCreate('connection', document, WITHOUT)).toEqual({
      type: 'http',
      http: {
        baseURI: 'https://example.com',
        auth: { type: 'token', token: { headerName: 'x' }, basic: { username: 'u' } },
        _iClientId: idOf('iclient'),
      },
    });
  });

  test('shares nothing with the document it was taken out of', () => {
    const document = { settings: { list: [1] } };

    (forCreate('flow', document, WITHOUT)['settings'] as { list: number[] }).list.push(2);

    expect(document).toEqual({ settings: { list: [1] } });
  });

  test('is refused of a document that is nested too deep', () => {
    const deep = nested(10_000) as JsonObject;
    const tooDeep = expect.objectContaining({ code: 'document_too_deep' });

    expect(() => forCreate('flow', deep, WITHOUT)).toThrow(tooDeep);
    expect(() => maskedPaths(deep)).toThrow(tooDeep);
    expect(() => samplePaths(deep)).toThrow(tooDeep);
  });
});
