import { describe, expect, test } from '@jest/globals';
import { differences } from '../../../core/plan/compare.ts';

const meant = {
  name: 'Get orders',
  adaptorType: 'HTTPExport',
  useTechAdaptorForm: true,
  http: { relativeURI: '/orders', _httpConnectorVersionId: '631e0eb7065d342533672a61' },
};

describe('a copy compared with what was meant', () => {
  test('may hold more than was sent', () => {
    expect(differences('export', { ...meant, asynchronous: true, apiIdentifier: 'e1' }, meant)).toEqual([]);
  });

  test('may lack a top-level field that integrator.io no longer knows', () => {
    const { useTechAdaptorForm, ...stored } = meant;
    expect(differences('export', stored, meant)).toEqual([]);
  });

  test('may lack what the connector framework writes by itself', () => {
    expect(differences('export', { ...meant, http: { relativeURI: '/orders' } }, meant)).toEqual([]);
  });

  test('must hold every essential field', () => {
    const { http, ...stored } = meant;
    expect(differences('export', stored, meant)).toEqual(['/http']);
  });

  test('must hold every value as it was sent, also of a field that may be dropped', () => {
    expect(differences('export', { ...meant, useTechAdaptorForm: false }, meant)).toEqual([
      '/useTechAdaptorForm',
    ]);
    expect(differences('export', { ...meant, http: { relativeURI: '/items' } }, meant)).toEqual([
      '/http/relativeURI',
    ]);
  });

  test('must hold every member of an essential field', () => {
    expect(differences('export', { ...meant, http: {} }, meant)).toEqual(['/http']);
  });

  test('has the flow groups that were meant by name, whatever their ids, and may have more', () => {
    const wanted = { name: 'Orders', flowGroupings: [{ name: 'Nightly' }] };
    const groups = [
      { _id: '5f0000000000000000000001', name: 'Own' },
      { _id: '5f0000000000000000000002', name: 'Nightly' },
    ];
    expect(differences('integration', { name: 'Orders', flowGroupings: groups }, wanted)).toEqual([]);
    expect(differences('integration', { name: 'Orders', flowGroupings: [] }, wanted)).toEqual([
      '/flowGroupings/0',
    ]);
  });
});
