import * as fc from 'fast-check';
import type { Json, JsonObject } from '../../../core/model/resource.ts';

/** Few values and few names, so that three documents made apart still agree and clash often. */
const scalar: fc.Arbitrary<Json> = fc.constantFrom<Json[]>('a', 'b', '', 1, 2, true, null);
const word = fc.constantFrom('p', 'q', 'r', 's', 't');

const free: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    scalar,
    fc.array(scalar, { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('x', 'y', '__proto__', 'constructor', 'a/b'), tie('value'), { maxKeys: 3 }),
  ),
})).value;

/** A list of things told apart by `key`; now and then with repeats, which leave no way to tell. */
function things(key: string, more: Record<string, fc.Arbitrary<Json>>): fc.Arbitrary<JsonObject[]> {
  const thing: fc.Arbitrary<JsonObject> = fc
    .record({ [key]: word, ...more }, { requiredKeys: [key] })
    .map((made): JsonObject => ({ ...made }));
  return fc.oneof(
    { weight: 9, arbitrary: fc.uniqueArray(thing, { selector: (one) => one[key], maxLength: 5 }) },
    { weight: 1, arbitrary: fc.array(thing, { maxLength: 3 }) },
  );
}

const responseMapping: fc.Arbitrary<JsonObject> = fc.record({
  fields: things('generate', { extract: scalar }),
  lists: things('generate', { fields: things('generate', { extract: scalar }) }),
});

const step: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.constantFrom('_exportId', '_importId'),
    word,
    fc.record({ proceedOnFailure: scalar, responseMapping }, { requiredKeys: [] }),
  )
  .map(([name, id, more]): JsonObject => ({ [name]: id, ...more }));
const steps = fc.array(step, { maxLength: 4 });

const branches = things('branchId', {
  name: word,
  pageProcessors: steps,
  nextRouterId: fc.constantFrom('p', 'q', null),
});
const routers = things('id', { name: scalar, branches });

/** As documents arrive: parsed JSON, with `__proto__` an ordinary member. */
function parsed(made: object): JsonObject {
  return JSON.parse(JSON.stringify(made)) as JsonObject;
}

/** A flow without `disabled`, linear or branching. */
export const flow: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.record(
      {
        name: word,
        schedule: scalar,
        settings: free,
        aliases: fc.oneof(fc.constant(null), things('alias', { _exportId: word, description: scalar })),
        pageGenerators: things('_exportId', { skipRetries: scalar }),
        _runNextFlowIds: fc.oneof(fc.constant(null), fc.uniqueArray(word, { maxLength: 4 })),
      },
      { requiredKeys: [] },
    ),
    fc.oneof(fc.record({ pageProcessors: steps }), fc.record({ routers }), fc.constant({})),
  )
  .map(([plain, topology]) => parsed({ ...plain, ...topology }));

/** An import with mappings, lookups and headers. */
export const importDocument: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      name: word,
      mappings: things('generate', {
        extract: scalar,
        buildArrayHelper: fc.array(
          fc.record({ extract: word, mappings: things('generate', { extract: scalar }) }),
          { maxLength: 2 },
        ),
      }),
      http: fc.record(
        { method: free, lookups: things('name', { map: free }), headers: things('name', { value: scalar }) },
        { requiredKeys: [] },
      ),
      filter: fc.record({ rules: free }),
    },
    { requiredKeys: [] },
  )
  .map(parsed);

/** One of two documents' members each: related as two versions of one document are. */
export function versionOf(base: JsonObject, made: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> {
  return fc
    .tuple(made, fc.infiniteStream(fc.boolean()))
    .map(([other, choices]) => mixed(base, other, () => choices.next().value === true));
}

/** Each member of one of two documents, as `next` chooses. */
export function mixed(base: JsonObject, other: JsonObject, next: () => boolean): JsonObject {
  const version: JsonObject = {};
  // Both at once: a flow has one of them.
  const topology = next() ? base : other;
  for (const name of new Set([...Object.keys(base), ...Object.keys(other)])) {
    const from = name === 'pageProcessors' || name === 'routers' ? topology : next() ? base : other;
    if (Object.hasOwn(from, name)) version[name] = from[name];
  }
  return version;
}

/** A base, and two versions of it. */
export function versions(made: fc.Arbitrary<JsonObject>): fc.Arbitrary<[JsonObject, JsonObject, JsonObject]> {
  return made.chain((base) => fc.tuple(fc.constant(base), versionOf(base, made), versionOf(base, made)));
}

/** What somebody does to a document: to its description, or to an element of its list. */
export type Edit =
  | { at: 'description'; value: string | undefined }
  | { at: 'list'; list: string; key: string; id: string; does: 'change' | 'remove' | 'move'; value: string };

const letter = fc.constantFrom('a', 'b', 'c');

/** A few edits of a document's description, and of its list of things that `key` tells apart. */
export function edits(list: string, key: string): fc.Arbitrary<Edit[]> {
  const describe = fc.record({
    at: fc.constant('description' as const),
    value: fc.option(letter, { nil: undefined }),
  });
  const rearrange = fc.record({
    at: fc.constant('list' as const),
    list: fc.constant(list),
    key: fc.constant(key),
    id: word,
    does: fc.constantFrom('change' as const, 'remove' as const, 'move' as const),
    value: letter,
  });
  const edit: fc.Arbitrary<Edit> = fc.oneof(
    { weight: 1, arbitrary: describe },
    { weight: 3, arbitrary: rearrange },
  );
  return fc.array(edit, { maxLength: 3 });
}

/** The document after these edits. What is to be changed and is not there is added; what is moved goes to the end. */
export function edited(document: JsonObject, changes: readonly Edit[]): JsonObject {
  return changes.reduce(editedOnce, document);
}

function editedOnce(document: JsonObject, change: Edit): JsonObject {
  const { description: _description, ...rest } = document;
  if (change.at === 'description') {
    return change.value === undefined ? rest : { ...rest, description: change.value };
  }
  const { list, key, id, does, value } = change;
  const things = (document[list] ?? []) as JsonObject[];
  const index = things.findIndex((thing) => thing[key] === id);
  const found = things[index];
  if (does === 'change') {
    const made = { [key]: id, extract: value };
    return { ...document, [list]: found ? things.with(index, made) : [...things, made] };
  }
  if (found === undefined) return document;
  const others = things.toSpliced(index, 1);
  return { ...document, [list]: does === 'move' ? [...others, found] : others };
}
