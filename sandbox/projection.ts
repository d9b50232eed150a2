import { type Collection, type Document, type Fields, isObject } from './documents.ts';
import { fail } from './errors.ts';

/** Which fields of a list's documents were asked for. */
export type Projection = (document: Document) => Fields;

/** What a document always shows of itself. */
const IDENTITY = ['_id', 'name', 'adaptorType', 'type'];

/**
 * Reads `include` and `exclude` of a query. A value that is empty counts as absent; fields that a document
 * lacks are left out of it without a word.
 *
 * @throws {ApiError} 400 `invalid_query_params` for both at once or for characters that no field path has
 */
export function projection(collection: Collection, query: URLSearchParams): Projection | undefined {
  if (query.has('include[]') || query.has('exclude[]')) {
    throw fail(400, 'invalid_query_params', 'Please provide field paths separated by commas.');
  }
  const include = paths(query, 'include');
  const exclude = paths(query, 'exclude');
  if (include && exclude) {
    throw fail(
      400,
      'invalid_query_params',
      'Please provide either include or exclude param in the request query and not both.',
    );
  }
  if (include) {
    const identity = IDENTITY.filter((name) => name !== 'type' || collection === 'connections');
    const wanted = [...identity.map((name) => [name]), ...include];
    return (document) => {
      const picked: Fields = {};
      for (const path of wanted) pick(document, path, picked);
      return picked;
    };
  }
  if (exclude) {
    const unwanted = exclude.filter((path) => path[0] !== '_id');
    return (document) => {
      const rest: Fields = structuredClone(document);
      for (const path of unwanted) drop(rest, path);
      return rest;
    };
  }
  return undefined;
}

function paths(query: URLSearchParams, name: string): string[][] | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^[A-Za-z0-9_.,]+$/.test(text)) {
    throw fail(400, 'invalid_query_params', `The value of ${name} has characters that no field path has.`);
  }
  return text
    .split(',')
    .filter((path) => path !== '')
    .map((path) => path.split('.'));
}

/** Copies what lies at the path, through lists too: `pageGenerators._exportId` reaches into each entry. */
function pick(from: Fields, path: readonly string[], into: Fields): void {
  const [key, ...rest] = path;
  if (key === undefined || key === '__proto__' || !Object.hasOwn(from, key)) return;
  const value = from[key];
  if (rest.length === 0) into[key] = value;
  else if (isObject(value)) {
    const target = isObject(into[key]) ? into[key] : {};
    pick(value, rest, target);
    if (Object.keys(target).length > 0) into[key] = target;
  } else if (Array.isArray(value)) {
    const known: unknown = into[key];
    into[key] = value.filter(isObject).map((item, index) => {
      const target: unknown = Array.isArray(known) ? known[index] : undefined;
      const picked: Fields = isObject(target) ? target : {};
      pick(item, rest, picked);
      return picked;
    });
  }
}

function drop(from: Fields, path: readonly string[]): void {
  const [key, ...rest] = path;
  if (key === undefined || !Object.hasOwn(from, key)) return;
  const value = from[key];
  if (rest.length === 0) delete from[key];
  else if (isObject(value)) drop(value, rest);
  else if (Array.isArray(value)) for (const item of value) if (isObject(item)) drop(item, rest);
}
