import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../core/model/resource.ts';
import { leftovers } from '../../../core/references/index.ts';
import { idOf } from './ids.ts';
import { nested } from './values.ts';

const ID = idOf('export');
const IDS = new Set([ID]);

describe('The leftover scan', () => {
  test('finds ids in references, valid or not, in text and in names', () => {
    const flow = {
      _exportId: ID,
      _importId: `not an id: ${ID}`,
      _scriptId: { list: [ID], [ID]: 1 },
      settings: { [ID]: `/v1/exports/${ID}` },
    };

    expect(leftovers('flow', flow, IDS).map(({ pointer }) => pointer)).toEqual([
      '/_exportId',
      '/_importId',
      '/_scriptId/list/0',
      `/_scriptId/${ID}`,
      `/settings/${ID}`,
      `/settings/${ID}`,
    ]);
  });

  test('finds nothing but the ids it looks for', () => {
    expect(leftovers('flow', { _exportId: idOf('export', 2), description: `x${ID}` }, IDS)).toEqual([]);
  });

  test('passes over sample data and places that are never references', () => {
    const document = {
      _sourceId: ID,
      sampleData: ID,
      mockOutput: { a: [ID] },
      http: { _httpConnectorId: ID },
    };

    expect(leftovers('export', document, IDS)).toEqual([]);
  });

  test('refuses a reference that is nested too deep', () => {
    const document = { _exportId: nested(10_000) as JsonObject };

    expect(() => leftovers('flow', document, IDS)).toThrow(
      expect.objectContaining({ code: 'document_too_deep' }),
    );
  });
});
