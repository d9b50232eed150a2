import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { contains } from '../../../core/merge/index.ts';
import type { JsonObject } from '../../../core/model/resource.ts';
import { flow } from './arbitraries.ts';

describe('Whether what was sent is there', () => {
  test.each<[string, JsonObject, JsonObject, string[]]>([
    ['what was sent came back', { a: 1, b: ['x'] }, { a: 1, b: ['x'] }, []],
    [
      'the server added members',
      { _id: '1', http: { method: 'GET', formType: 'http' } },
      { http: { method: 'GET' } },
      [],
    ],
    [
      'the server added members to elements',
      { aliases: [{ alias: 'a', _id: 'x' }] },
      { aliases: [{ alias: 'a' }] },
      [],
    ],
    ['null came back as absent', {}, { schedule: null }, []],
    ['absent was sent, null came back', { schedule: null }, {}, []],
    ['an empty list came back as absent', {}, { aliases: [] }, []],
    ['an object of nothing came back as absent', {}, { responseMapping: { fields: [], lists: [] } }, []],
    ['a value is another', { http: { method: 'PUT' } }, { http: { method: 'POST' } }, ['/http/method']],
    ['a value is missing', { http: {} }, { http: { method: 'POST', a: 1 } }, ['/http/method', '/http/a']],
    ['an object is missing', {}, { http: { method: 'POST' } }, ['/http']],
    ['the empty string is not absent', {}, { description: '' }, ['/description']],
    ['null was sent, and a value is there', { schedule: '? 0 1 ? * *' }, { schedule: null }, ['/schedule']],
    ['a list is longer', { routers: [{ id: 'a' }, { id: 'b' }] }, { routers: [{ id: 'a' }] }, ['/routers']],
    ['a list is shorter', { routers: [] }, { routers: [{ id: 'a' }] }, ['/routers']],
    [
      'the order is another',
      { routers: [{ id: 'b' }, { id: 'a' }] },
      { routers: [{ id: 'a' }, { id: 'b' }] },
      ['/routers/0/id', '/routers/1/id'],
    ],
    ['a set is in another order', { _runNextFlowIds: ['b', 'a'] }, { _runNextFlowIds: ['a', 'b'] }, []],
    [
      'a set has another element',
      { _runNextFlowIds: ['c', 'a'] },
      { _runNextFlowIds: ['a', 'b'] },
      ['/_runNextFlowIds/1'],
    ],
    ['a number came back as text', { pageSize: '5' }, { pageSize: 5 }, ['/pageSize']],
    ['a name needs escaping', { settings: {} }, { settings: { 'a/b': 1 } }, ['/settings/a~1b']],
    [
      'an inherited name is no member',
      { settings: {} },
      { settings: { constructor: 'x' } },
      ['/settings/constructor'],
    ],
  ])('%s', (_title, actual, sent, missing) => {
    expect(contains('flow', actual, sent)).toEqual(missing);
  });

  test('Whatever members a server adds, what was sent is contained', () => {
    fc.assert(
      fc.property(flow, (sent) => {
        expect(contains('flow', { ...sent, _id: '1', createdAt: 'now' }, sent)).toEqual([]);
      }),
    );
  });
});
