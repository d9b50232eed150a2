import { isObject } from '../documents.ts';
import { fail } from '../errors.ts';
import type { Ask, Endpoint } from '../router.ts';
import { idOf } from './crud.ts';

/** POST of at most 1,000 keys with their values. */
export const putData: Endpoint = (ask) => {
  const data = dataOf(ask);
  const body = ask.json();
  const rows = isObject(body) ? body['data'] : undefined;
  if (!Array.isArray(rows))
    throw fail(422, 'missing_required_field', 'Expected field: data to be present', 'data');
  if (rows.length > 1000) throw fail(400, 'batch_size_exceeded', 'At most 1000 entries a call.', 'data');
  for (const [index, row] of rows.entries()) {
    if (!isObject(row) || typeof row['key'] !== 'string') {
      throw fail(422, 'invalid_value', 'An entry needs a key.', `data[${index}].key`);
    }
  }
  for (const row of rows) data.set(row.key, row.value);
  return { status: 200, body: rows.map((row) => ({ statusCode: 200, key: row.key })) };
};

/** POST that reads entries: by `keys`, by `startsWith`, or all. */
export const getData: Endpoint = (ask) => {
  const data = dataOf(ask);
  const body = ask.json() ?? {};
  const { keys, startsWith } = isObject(body) ? body : {};
  const found = [...data].filter(
    ([key]) =>
      (!Array.isArray(keys) || keys.includes(key)) &&
      (typeof startsWith !== 'string' || key.startsWith(startsWith)),
  );
  return { status: 200, body: { data: found.map(([key, value]) => ({ key, value })) } };
};

/** DELETE of some keys. */
export const deleteData: Endpoint = (ask) => {
  const data = dataOf(ask);
  const body = ask.json();
  const keys = isObject(body) ? body['keys'] : undefined;
  if (!Array.isArray(keys))
    throw fail(422, 'missing_required_field', 'Expected field: keys to be present', 'keys');
  for (const key of keys) data.delete(key);
  return { status: 204 };
};

/** DELETE of everything in the cache. */
export const purgeData: Endpoint = (ask) => {
  dataOf(ask).clear();
  return { status: 204 };
};

function dataOf(ask: Ask): Map<string, unknown> {
  const { _id } = ask.account.find('lookupcaches', idOf(ask));
  let data = ask.account.lookupData.get(_id);
  if (!data) {
    data = new Map();
    ask.account.lookupData.set(_id, data);
  }
  return data;
}
