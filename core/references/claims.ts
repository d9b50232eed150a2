import { RESOURCE_TYPES, type ResourceType } from '../model/resource.ts';
import { ANYWHERE } from './table/anywhere.ts';

/** The type each field name of the table stands for, where it is a resource type. */
const TYPE_OF_FIELD: ReadonlyMap<string, ResourceType> = new Map(
  ANYWHERE.flatMap((row): [string, ResourceType][] => {
    const type = RESOURCE_TYPES.find((known) => known === row.to);
    const name = row.path.replace(/^\*\*\./, '').replace(/\[\]$/, '');
    return type === undefined || row.kind === 'never' ? [] : [[name, type]];
  }),
);

/** A field name, what may stand between it and its value, and the quote that opens the value. */
const FIELD = /(_[A-Za-z]+)(?:\\*["'`])?\]?\s{0,8}(?::|={1,3})\s{0,8}\[?\s{0,8}(?:\\*["'`])?$/;
/** The longest such text that is recognised. */
const FIELD_CONTEXT = 64;

/** The type that a text ending in `_exportId: '`, `"_exportId":"` or `_exportId = "` says the next id is of. */
export function claimedByField(before: string): ResourceType | undefined {
  const name = FIELD.exec(before.slice(-FIELD_CONTEXT))?.[1];
  return name === undefined ? undefined : TYPE_OF_FIELD.get(name);
}

/** What ends a URI in the text around it. */
const URI_END = /[\s'"`?#]/;
/** Also encoded, any number of times. */
const SLASH = /\/|%(?:25)*2f/i;

/**
 * The collection in a URI that the text ends with: the `exports` of `/v1/exports/`. The path may go on from one
 * resource to those it holds, as in `/v1/integrations/<id>/connections/`.
 */
export function collectionBefore(before: string): string | undefined {
  const uri = before.split(URI_END).at(-1) ?? '';
  const parts = uri.split(SLASH);
  const collection = parts.at(-2);
  const isUri = parts.at(-1) === '' && parts.slice(0, -2).some((part) => /(^|[^A-Za-z0-9])v1$/.test(part));
  return isUri && collection !== undefined && /^[A-Za-z]+$/.test(collection) ? collection : undefined;
}
