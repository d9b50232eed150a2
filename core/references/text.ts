import type { ResourceType } from '../model/resource.ts';
import { typeOfCollection } from '../model/resource.ts';
import { claimedByField, collectionBefore } from './claims.ts';
import { type Path, pointerOf } from './pointer.ts';
import type { Visitor } from './visit.ts';

/** An id that stands in text: in a value or a name that is no reference place. */
export interface TextId {
  /** JSON Pointer to the string, or to the member whose name it is. */
  pointer: string;
  id: string;
  /** The type that the text around it says it is of: `/v1/exports/<id>`, `_exportId: '<id>'`. */
  claims?: ResourceType;
  /** The collection before it in a URI, known or not. */
  collection?: string;
  /** In a script: the line of `content`, counted from 1. */
  line?: number;
  /** It stands in the name of a member, not in its value. */
  key?: boolean;
}

/** One occurrence of an id within a string. */
export interface Occurrence {
  id: string;
  start: number;
}

const ID_LENGTH = 24;
const HEX_RUN = /[0-9a-f]{24,}/g;

/**
 * The ids in a string: exactly 24 hexadecimal characters with no letter or digit beside them. Longer runs are
 * hashes or keys and are left alone; `_`, `-` and the like separate. An escape before the id, such as `\n` or
 * `%2F`, is not part of it.
 */
export function occurrencesIn(text: string): Occurrence[] {
  if (!hasHexRun(text)) return [];
  const found: Occurrence[] = [];
  for (const match of text.matchAll(HEX_RUN)) {
    const end = match.index + match[0].length;
    const start = end - ID_LENGTH;
    if (isWordCharacter(text, end)) continue;
    if (!isWordCharacter(text, start - 1) || endsEscape(text, start)) {
      found.push({ id: text.slice(start, end), start });
    }
  }
  return found;
}

/**
 * Whether 24 hexadecimal characters stand in a row anywhere. Any such run covers one of every 24 places, so that
 * only these are looked at: most text is passed over at a twenty-fourth of the cost of reading it.
 */
function hasHexRun(text: string): boolean {
  for (let probe = ID_LENGTH - 1; probe < text.length; probe += ID_LENGTH) {
    if (!isHex(text, probe)) continue;
    let start = probe;
    while (start > 0 && isHex(text, start - 1)) start -= 1;
    let end = probe + 1;
    while (end < text.length && end - start < ID_LENGTH && isHex(text, end)) end += 1;
    if (end - start >= ID_LENGTH) return true;
  }
  return false;
}

function isHex(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 102);
}

function isWordCharacter(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

/** `\n`, `\x2f`, `\u002f` and `%2F`, the last encoded any number of times: `%252F`, `%25252F`. */
const ESCAPE = /(?:\\[nrtbfv]|\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|%(?:25)*[0-9a-fA-F]{2})$/;

/** How much of the text before an id is looked at for an escape: `%` encoded thirty times over, and all others whole. */
const LONGEST_ESCAPE = 64;

function endsEscape(text: string, start: number): boolean {
  return ESCAPE.test(text.slice(Math.max(0, start - LONGEST_ESCAPE), start));
}

/** How much of the text before an id is looked at to learn what it is said to be. */
const CONTEXT = 200;

/** What the text before an occurrence says about the id. */
export function claimOf(text: string, start: number): Pick<TextId, 'claims' | 'collection'> {
  const before = text.slice(Math.max(0, start - CONTEXT), start);
  const collection = collectionBefore(before);
  if (collection !== undefined) {
    const claims = typeOfCollection(collection);
    return claims === undefined ? { collection } : { collection, claims };
  }
  const claims = claimedByField(before);
  return claims === undefined ? {} : { claims };
}

/** The ids in one string of a document, with all that is known about each. */
export function textIdsIn(
  type: ResourceType,
  text: string,
  path: Path,
  key: boolean,
): (TextId & Occurrence)[] {
  const occurrences = occurrencesIn(text);
  if (occurrences.length === 0) return [];
  const pointer = pointerOf(path);
  const lines = type === 'script' && pointer === '/content' ? lineCounter(text) : undefined;
  return occurrences.map(({ id, start }) => ({
    pointer,
    id,
    start,
    ...claimOf(text, start),
    ...(lines === undefined ? {} : { line: lines(start) }),
    ...(key ? { key } : {}),
  }));
}

/** Counts lines up to positions that only grow. */
function lineCounter(text: string): (position: number) => number {
  let line = 1;
  let next = text.indexOf('\n');
  return (position) => {
    while (next !== -1 && next < position) {
      line++;
      next = text.indexOf('\n', next + 1);
    }
    return line;
  };
}

/**
 * Adds the ids in strings that are not references to `found`: in values and in names of members, outside reference
 * places, places that are `never` references, and sample data.
 */
export function collectTextIds(type: ResourceType, found: TextId[]): Visitor {
  const collect = (text: string, path: Path, key: boolean): void => {
    if (text.length < ID_LENGTH) return;
    for (const { start: _, ...id } of textIdsIn(type, text, path, key)) found.push(id);
  };
  return {
    text: (value, path) => collect(value, path, false),
    key: (name, path) => collect(name, path, true),
  };
}
