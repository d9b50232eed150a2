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

/** The type that a text ending in `_exportId: '`, `"_exportId":"` or `_exportId = "` says the next id is of. */
export function claimedByField(before: string): ResourceType | undefined {
  const name = FIELD.exec(before)?.[1];
  return name === undefined ? undefined : TYPE_OF_FIELD.get(name);
}
