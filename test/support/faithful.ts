import type { Document, Json, ResourceType } from '../../core/model/resource.ts';
import { differences } from '../../core/plan/compare.ts';
import { comparable } from '../../core/references/index.ts';
import type { Sandbox } from '../../sandbox/index.ts';

/** Collections that a clone makes copies in. */
export const COPIED = [
  'integrations',
  'flows',
  'exports',
  'imports',
  'scripts',
  'asynchelpers',
  'filedefinitions',
  'lookupcaches',
  'tools',
] as const;

/**
 * What is wrong with a copy, in words: each source object must have exactly one copy, equal but for ids, and the
 * target must hold nothing else. An empty list means faithful.
 */
export function unfaithful(
  sandbox: Sandbox,
  idMap: Record<string, string>,
  existing: ReadonlySet<string> = new Set(),
): string[] {
  const wrong: string[] = [];
  const targets = new Set(Object.values(idMap));
  for (const collection of COPIED) {
    const type = collection.slice(0, -1) as ResourceType;
    const target = new Map(
      sandbox.documents('acme', collection).map((one) => [String(one['_id']), one as Document]),
    );
    for (const id of target.keys()) {
      if (!targets.has(id) && !existing.has(id))
        wrong.push(`${type} ${id} "${String(target.get(id)?.['name'])}" is an orphan`);
    }
    for (const source of sandbox.documents('blueprint', collection) as Document[]) {
      const copy = target.get(idMap[source._id] ?? '');
      if (idMap[source._id] === undefined) continue;
      if (!copy) {
        wrong.push(`${type} "${String(source['name'])}" has no copy`);
        continue;
      }
      const meant = mapped(comparable(type, source), idMap) as Document;
      delete meant['_flowGroupingId'];
      for (const path of differences(type, copy, meant))
        wrong.push(`${type} "${String(source['name'])}" differs at ${path}`);
      const text = JSON.stringify(comparable(type, copy));
      for (const id of Object.keys(idMap)) {
        if (idMap[id] !== id && text.includes(id))
          wrong.push(`${type} "${String(source['name'])}" still holds ${id}`);
      }
    }
  }
  return wrong;
}

function mapped(value: Json | undefined, idMap: Record<string, string>): Json | undefined {
  const text = JSON.stringify(value).replace(/[0-9a-f]{24}/g, (id) => idMap[id] ?? id);
  return JSON.parse(text) as Json;
}
