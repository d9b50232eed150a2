import type { Document } from '../../core/model/resource.ts';
import type { Body } from './caller.ts';

/** Whether this is a stored document: an object with an `_id`. */
export function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && '_id' in value && typeof value._id === 'string';
}

/** Reads one stored document. */
export function readDocument(body: Body): Document | undefined {
  return body.kind === 'json' && isDocument(body.value) ? body.value : undefined;
}

/** Reads a page of a list: 204 and an empty body are an empty one, an object alone is a list of one. */
export function readPage(body: Body): Document[] | undefined {
  if (body.kind === 'empty') return [];
  if (body.kind === 'text') return undefined;
  const items: unknown[] = Array.isArray(body.value) ? body.value : [body.value];
  return items.every(isDocument) ? items : undefined;
}

/** Reads a JSON object, whatever it holds. */
export function readObject(body: Body): Record<string, unknown> | undefined {
  if (body.kind !== 'json' || typeof body.value !== 'object' || body.value === null) return undefined;
  return Array.isArray(body.value) ? undefined : { ...body.value };
}

/** For calls whose answer says nothing more than that it is done. */
export function readNothing(): true {
  return true;
}
