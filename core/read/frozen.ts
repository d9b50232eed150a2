import type { JsonObject, ResourceType } from '../model/resource.ts';
import { surveyOf } from '../references/index.ts';
import { documentOf, type Entry } from './entry.ts';
import type { Facts } from './facts.ts';
import type { SourceSnapshot } from './source.ts';

/** One resource of a stored closure; what can be made from its document is left out. */
export interface FrozenEntry {
  type: ResourceType;
  id: string;
  name: string;
  hash: string;
  modified?: string | undefined;
  facts: Facts;
  document: JsonObject;
}

/** A closure as it is stored, so that many can work from one reading of the source. */
export interface FrozenSource {
  chosen: string[];
  missing: [string, ResourceType][];
  strays: string[];
  entries: FrozenEntry[];
}

export function freeze(source: SourceSnapshot, strays: ReadonlySet<string>): FrozenSource {
  return {
    chosen: source.chosen,
    missing: [...source.missing],
    strays: [...strays],
    entries: [...source.entries.values()].map(freezeEntry),
  };
}

export function freezeEntry(entry: Entry): FrozenEntry {
  const { type, id, name, hash, modified, facts } = entry;
  return { type, id, name, hash, modified, facts, document: documentOf(entry) };
}

export function thaw(frozen: FrozenSource): { source: SourceSnapshot; strays: Set<string> } {
  return {
    source: {
      chosen: frozen.chosen,
      entries: new Map(frozen.entries.map((entry) => [entry.id, thawEntry(entry)])),
      missing: new Map(frozen.missing),
      unread: new Map(),
    },
    strays: new Set(frozen.strays),
  };
}

export function thawEntry({ type, id, name, hash, modified, facts, document }: FrozenEntry): Entry {
  return {
    type,
    id,
    name,
    hash,
    modified,
    facts,
    bytes: new TextEncoder().encode(JSON.stringify(document)),
    ...surveyOf(type, document),
  };
}
