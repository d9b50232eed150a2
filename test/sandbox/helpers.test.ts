import { describe, expect, test } from '@jest/globals';
import { bench, CONNECTION, exportOf } from './support.ts';

describe('async helpers', () => {
  test('They need a status export that is not asynchronous itself.', async () => {
    const { make, refusal } = await bench();
    const connection = await make('connections', CONNECTION);
    const status = await make('exports', exportOf(connection._id));
    const helper = await make('asynchelpers', { name: 'Wait', http: { status: { _exportId: status._id } } });
    const waiting = await make('exports', exportOf(connection._id, { http: { _asyncHelperId: helper._id } }));
    const fields = (id: string) => ({ name: 'Wait', http: { status: { _exportId: id } } });

    expect(await refusal('POST', '/v1/asynchelpers', { name: 'Wait' })).toEqual([
      '422 missing_required_field http.status._exportId',
    ]);
    expect(await refusal('POST', '/v1/asynchelpers', fields(waiting._id))).toEqual([
      '422 invalid_value http.status._exportId',
    ]);
    expect(await refusal('POST', '/v1/asynchelpers', fields(status._id))).toEqual([]);
  });
});

describe('lookup caches', () => {
  test('Entries are put, read by key or beginning, deleted and purged.', async () => {
    const { make, call } = await bench();
    const { _id } = await make('lookupcaches', { name: 'Codes', size: 99 });
    const path = `/v1/lookupcaches/${_id}`;
    const keys = async (body: object) =>
      (await call('POST', `${path}/getData`, body)).body.data.map(({ key }: { key: string }) => key);

    await call('POST', `${path}/data`, { data: ['a1', 'a2', 'b1'].map((key) => ({ key, value: { key } })) });
    const found = [await keys({ keys: ['a2'] }), await keys({ startsWith: 'a' }), await keys({})];
    await call('DELETE', `${path}/data`, { keys: ['a1'] });
    const left = await keys({});
    await call('DELETE', `${path}/data/purge`);

    expect(found).toEqual([['a2'], ['a1', 'a2'], ['a1', 'a2', 'b1']]);
    expect(left).toEqual(['a2', 'b1']);
    expect(await keys({})).toEqual([]);
  });

  test('More than 1,000 entries a call are refused, and entries without a key.', async () => {
    const { make, refusal } = await bench();
    const { _id } = await make('lookupcaches', { name: 'Codes' });
    const path = `/v1/lookupcaches/${_id}/data`;
    const many = Array.from({ length: 1001 }, (_, n) => ({ key: `k${n}`, value: n }));

    expect(await refusal('POST', path, { data: many })).toEqual(['400 batch_size_exceeded data']);
    expect(await refusal('POST', path, { data: [{ value: 1 }] })).toEqual(['422 invalid_value data[0].key']);
  });
});
