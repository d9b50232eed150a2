import { describe, expect, test } from '@jest/globals';
import type { Json, JsonObject, ResourceType } from '../../../core/model/resource.ts';
import { MAX_DEPTH, referencesOf, surveyOf } from '../../../core/references/index.ts';
import { idOf } from './ids.ts';
import { nested } from './values.ts';

const EXPORT = idOf('export');
const found = (type: ResourceType, document: JsonObject) =>
  referencesOf(type, document).map(({ pointer, to, row, id, valid }) => [pointer, to, row.kind, id, valid]);

describe('References of a document', () => {
  test('are found in the order they stand in it', () => {
    const flow = {
      pageGenerators: [{ _exportId: EXPORT }],
      pageProcessors: [{ type: 'import', _importId: idOf('import') }],
      _integrationId: idOf('integration'),
      _runNextFlowIds: [idOf('flow', 2), idOf('flow', 3)],
    };

    expect(found('flow', flow)).toEqual([
      ['/pageGenerators/0/_exportId', 'export', 'needs', EXPORT, true],
      ['/pageProcessors/0/_importId', 'import', 'needs', idOf('import'), true],
      ['/_integrationId', 'integration', 'needs', idOf('integration'), true],
      ['/_runNextFlowIds/0', 'flow', 'linked', idOf('flow', 2), true],
      ['/_runNextFlowIds/1', 'flow', 'linked', idOf('flow', 3), true],
    ]);
  });

  test('are none where null or an empty string stands', () => {
    const flow = { _integrationId: null, _flowGroupingId: '', _runNextFlowIds: null, _exportId: '' };

    expect(found('flow', flow)).toEqual([]);
  });

  test.each<[string, Json]>([
    ['a number', 12],
    ['a switch', false],
    ['an object', { _id: EXPORT }],
    ['a list', [EXPORT]],
    ['an alias', 'ns_alias'],
    ['an id in capitals', EXPORT.toUpperCase()],
    ['an id with a blank', `${EXPORT} `],
    ['a handlebars expression', '{{{export._id}}}'],
  ])('are not valid where %s stands for an id', (_, value) => {
    const declared = found('flow', { _exportId: value });
    const deep = found('export', { settingsForm: { form: { virtual: { _connectionId: value } } } });

    expect(declared).toEqual([['/_exportId', 'export', 'needs', value, false]]);
    expect(deep).toEqual([
      ['/settingsForm/form/virtual/_connectionId', 'connection', 'mapped', value, false],
    ]);
  });

  test('are not valid where one id stands for a list of them', () => {
    expect(found('flow', { _runNextFlowIds: EXPORT })).toEqual([
      ['/_runNextFlowIds', 'flow', 'linked', EXPORT, false],
    ]);
  });

  test('are found by the name of the field at any depth', () => {
    const settingsForm = {
      form: { fieldMap: { map: { keyResource: { virtual: { _connectionId: idOf('connection') } } } } },
    };

    expect(found('flow', { settingsForm })).toEqual([
      [
        '/settingsForm/form/fieldMap/map/keyResource/virtual/_connectionId',
        'connection',
        'mapped',
        idOf('connection'),
        true,
      ],
    ]);
  });

  test.each(['sampleData', 'sampleResponseData', 'mockOutput', 'mockResponse'])(
    'are not looked for in %s, at whatever depth',
    (field) => {
      const sample = { [field]: { _exportId: EXPORT, list: [{ _connectionId: 1 }] } };

      expect(found('export', { ...sample, settingsForm: { virtual: sample } })).toEqual([]);
    },
  );

  test('are not what a mapping or a body only mentions', () => {
    const document = {
      http: { body: '{"_connectionId": "{{_connectionId}}"}' },
      mapping: { fields: [{ extract: '_id', generate: '_exportId' }] },
      responseMapping: { fields: [{ extract: '_connectionId', generate: '_importId' }] },
    };

    expect(found('import', document)).toEqual([]);
  });

  test('are not the fields of a form that are named like them', () => {
    const form = { fieldMap: { _exportId: { type: 'select', name: '_exportId' } } };

    expect(found('export', { settingsForm: { form } })).toEqual([]);
  });

  test('are not what catalogues, provenance and routers hold', () => {
    const id = idOf('lookalike');
    const document = {
      _id: id,
      _sourceId: id,
      _templateId: id,
      http: { _httpConnectorId: id, _httpConnectorEndpointIds: [id] },
      ftp: { _tpConnectorId: id },
      routers: [{ id, branches: [{ branchId: id, nextRouterId: id, pageProcessors: [{ _id: id }] }] }],
    };

    expect(found('flow', document)).toEqual([]);
  });

  test("are a folder of integrator.io's own storage only under its own assistant", () => {
    const file = { directory: { id: EXPORT } };

    expect(found('export', { assistant: 'integratorceligoapi', file })).toEqual([
      ['/file/directory/id', 'storage', 'mapped', EXPORT, true],
    ]);
    expect(found('export', { assistant: 'googledrive', file })).toEqual([]);
    expect(found('export', { file })).toEqual([]);
  });

  test('carry JSON Pointers that are escaped', () => {
    expect(found('flow', { settings: { 'a/b~c': { _exportId: EXPORT } } })[0]?.[0]).toBe(
      '/settings/a~1b~0c/_exportId',
    );
  });

  test('are refused of a document that is nested too deep, however deep', () => {
    for (const levels of [MAX_DEPTH + 1, 10_000]) {
      const document = nested(levels) as JsonObject;

      expect(() => referencesOf('flow', document)).toThrow(
        expect.objectContaining({ code: 'document_too_deep' }),
      );
    }
    expect(referencesOf('flow', nested(MAX_DEPTH - 1) as JsonObject)).toEqual([]);
  });
});

describe('Ids of foreign systems', () => {
  test('are listed with what they name', () => {
    const document = {
      netsuite: {
        restlet: { searchId: '3160' },
        searches: [{ savedSearchId: 77 }],
        file: { folderInternalId: '12' },
      },
      hooks: { preSend: { fileInternalId: '5' } },
    };

    expect(surveyOf('export', document).foreignIds.map(({ pointer }) => pointer)).toEqual([
      '/netsuite/restlet/searchId',
      '/netsuite/searches/0/savedSearchId',
      '/netsuite/file/folderInternalId',
      '/hooks/preSend/fileInternalId',
    ]);
  });

  test('are not switches and empty members of the same name', () => {
    const document = { netsuite_da: { internalId: '', mapping: { fields: [{ internalId: false }] } } };

    expect(surveyOf('import', document).foreignIds).toEqual([]);
  });
});
