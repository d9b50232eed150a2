import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../core/model/resource.ts';
import { DROP, isReference, MAX_DEPTH, rewrite } from '../../../core/references/index.ts';
import { idOf, mapped } from './ids.ts';
import { nested } from './values.ts';

const EXPORT = idOf('export');
const FLOW = idOf('flow');

describe('Rewriting a document', () => {
  test('replaces references and ids in text, and lists those in text', () => {
    const script = { name: 'Hooks', content: `a\nget('/v1/exports/${EXPORT}') // ${EXPORT}` };

    const result = rewrite('script', script, mapped);

    expect(result.document['content']).toBe(`a\nget('/v1/exports/${mapped(EXPORT)}') // ${mapped(EXPORT)}`);
    expect(result.rewritten).toEqual([
      { pointer: '/content', from: EXPORT, to: mapped(EXPORT), line: 2 },
      { pointer: '/content', from: EXPORT, to: mapped(EXPORT), line: 2 },
    ]);
  });

  test('replaces ids in a URI however often it was encoded, and nothing of what is around them', () => {
    const uri = (id: string): string => `/v1/exports/${id}?next=/v1/exports/${id}&then=/v1/flows`;
    const twice = (id: string): string => encodeURIComponent(encodeURIComponent(uri(id)));

    const { document, rewritten } = rewrite('export', { http: { relativeURI: twice(EXPORT) } }, mapped);

    expect(document).toEqual({ http: { relativeURI: twice(mapped(EXPORT)) } });
    expect(rewritten).toHaveLength(2);
  });

  test('asks with the place the id stands in', () => {
    const flow = { _exportId: EXPORT, settings: { note: `see ${FLOW}` } };
    const asked: string[] = [];

    rewrite('flow', flow, (id, place) => {
      asked.push(`${isReference(place) ? place.row.path : 'text'} ${place.pointer} ${id}`);
      return undefined;
    });

    expect(asked).toEqual([`_exportId /_exportId ${EXPORT}`, `text /settings/note ${FLOW}`]);
  });

  test('leaves what the resolver does not know, and lists nothing for it', () => {
    const flow = { _exportId: EXPORT, description: `see ${FLOW}` };

    const result = rewrite('flow', flow, () => undefined);

    expect(result).toEqual({ document: flow, rewritten: [] });
  });

  test('does not modify its input, and shares nothing with it', () => {
    const flow = { pageGenerators: [{ _exportId: EXPORT }], settings: { deep: { list: [{}] } } };
    const before = structuredClone(flow);

    const { document } = rewrite('flow', flow, mapped);
    (document['settings'] as { deep: { list: unknown[] } }).deep.list.push('mine');

    expect(flow).toEqual(before);
  });

  test('leaves references that are not valid as they are', () => {
    const flow = { _exportId: `x ${EXPORT}`, _importId: { _id: EXPORT } };

    expect(rewrite('flow', flow, mapped).document).toEqual(flow);
  });

  test('leaves out a field, or the element that holds it, as the row says', () => {
    const flow = {
      _keepDeltaBehindFlowId: FLOW,
      _runNextFlowIds: [FLOW, idOf('flow', 2)],
      _runNextExportIds: [{ _flowId: FLOW, _exportId: EXPORT }, { _flowId: idOf('flow', 2) }],
      aliases: [{ alias: 'gone', _flowId: FLOW }],
    };

    const { document } = rewrite('flow', flow, (id) => (id === FLOW ? DROP : id));

    expect(document).toEqual({
      _runNextFlowIds: [idOf('flow', 2)],
      _runNextExportIds: [{ _flowId: idOf('flow', 2) }],
      aliases: [],
    });
  });

  test('drops an element once, whichever of its references go', () => {
    const flow = { _runNextExportIds: [{ _flowId: FLOW, _exportId: EXPORT }] };

    for (const gone of [[FLOW], [EXPORT], [FLOW, EXPORT]]) {
      const { document } = rewrite('flow', flow, (id) => (gone.includes(id) ? DROP : id));

      expect(document).toEqual({ _runNextExportIds: [] });
    }
  });

  test('does not list text that went with an element', () => {
    const flow = { aliases: [{ alias: 'a', description: `the export ${EXPORT}`, _flowId: FLOW }] };

    const result = rewrite('flow', flow, (id) => (id === FLOW ? DROP : mapped(id)));

    expect(result).toEqual({ document: { aliases: [] }, rewritten: [] });
  });

  test('refuses to drop an id in text', () => {
    expect(() => rewrite('flow', { description: FLOW }, () => DROP)).toThrow(TypeError);
  });

  test('renames members, but never onto a member that is there already', () => {
    const settings = { [EXPORT]: 1, [FLOW]: 2, [mapped(FLOW)]: 3 };

    const { document } = rewrite('flow', { settings }, (id) => (id === mapped(FLOW) ? id : mapped(id)));

    expect(document).toEqual({ settings: { [mapped(EXPORT)]: 1, [FLOW]: 2, [mapped(FLOW)]: 3 } });
  });

  test('keeps a member named __proto__ a plain member', () => {
    const text = `{"settings":{"__proto__":{"_exportId":"${EXPORT}","polluted":true}}}`;

    const { document } = rewrite('flow', JSON.parse(text) as JsonObject, mapped);

    expect(JSON.stringify(document)).toBe(text.replace(EXPORT, mapped(EXPORT)));
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('refuses a document that is nested too deep, also in sample data', () => {
    const tooDeep = expect.objectContaining({ code: 'document_too_deep' });
    const deep = nested(10_000) as JsonObject;

    expect(() => rewrite('flow', deep, mapped)).toThrow(tooDeep);
    expect(() => rewrite('export', { sampleData: deep }, mapped)).toThrow(tooDeep);
    expect(() => rewrite('export', { _id: nested(MAX_DEPTH) as JsonObject }, mapped)).toThrow(tooDeep);
  });
});
