import type { JsonObject, ResourceType } from '../model/resource.ts';
import { type Path, pointerOf } from './pointer.ts';
import type { ReferenceRow } from './row.ts';
import { type TextId, textIdsIn } from './text.ts';
import { copy, omission, transform } from './transform.ts';
import { isValid, type Reference } from './walk.ts';

/** Answered by a resolver: leave the reference out, as its row says. */
export const DROP: unique symbol = Symbol('drop');

/** An id in text that was replaced. */
export interface RewrittenText {
  pointer: string;
  from: string;
  to: string;
  line?: number;
}

export interface RewriteResult {
  /** A new document that shares nothing with the one it was made from. */
  document: JsonObject;
  /** The ids that were replaced in text, with pointers into the document given; references are not listed. */
  rewritten: RewrittenText[];
}

/** Says what an id becomes: another id, `DROP` for a reference to leave out, `undefined` to leave it as it is. */
export type Resolve = (id: string, place: Reference | TextId) => string | typeof DROP | undefined;

/** Whether a place is a reference or an id in text. */
export function isReference(place: Reference | TextId): place is Reference {
  return 'row' in place;
}

/**
 * Rewrites a document: every valid reference and every id in text through `resolve`. Everything else stays byte for
 * byte. References that are not valid stay as they are.
 *
 * @throws FlowferryError `document_too_deep`
 * @throws TypeError where `DROP` is answered for an id in text
 */
export function rewrite(type: ResourceType, document: JsonObject, resolve: Resolve): RewriteResult {
  const rewritten: RewrittenText[] = [];
  const dropped: string[] = [];

  const replace = (text: string, path: Path, key: boolean): string => {
    if (text.length < 24) return text;
    let made = '';
    let done = 0;
    for (const { start, ...place } of textIdsIn(type, text, path, key)) {
      const to = resolve(place.id, place);
      if (to === DROP) throw new TypeError('An id in text cannot be dropped');
      if (to === undefined || to === place.id) continue;
      made += text.slice(done, start) + to;
      done = start + place.id.length;
      const { pointer, line } = place;
      rewritten.push({ pointer, from: place.id, to, ...(line === undefined ? {} : { line }) });
    }
    return done === 0 ? text : made + text.slice(done);
  };

  const made = transform(type, document, {
    reference(row, value, path) {
      if (!isValid(row, value, path)) return copy(value, path.length);
      const to = resolve(value, { pointer: pointerOf(path), row, to: row.to, id: value, valid: true });
      if (to !== DROP) return to ?? value;
      dropped.push(goneWith(row, path));
      return omission(row);
    },
    text: (value, path) => replace(value, path, false),
    key: (name, path) => replace(name, path, true),
  });
  return { document: made, rewritten: dropped.length === 0 ? rewritten : without(rewritten, dropped) };
}

/** The pointer to what is left out with a reference. */
function goneWith(row: ReferenceRow, path: Path): string {
  const end =
    row.omit === 'element' ? path.findLastIndex((part) => typeof part === 'number') : path.length - 1;
  return pointerOf(path.slice(0, end + 1));
}

/** Text in an element that is left out was not rewritten after all. */
function without(rewritten: readonly RewrittenText[], dropped: readonly string[]): RewrittenText[] {
  return rewritten.filter(({ pointer }) => !dropped.some((gone) => pointer.startsWith(`${gone}/`)));
}
