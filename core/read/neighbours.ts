import type { CloneRequest } from '../model/request.ts';
import { isObjectId } from '../model/resource.ts';
import type { LedgerRow } from '../ports.ts';
import type { SourceSnapshot } from './source.ts';

/**
 * What lies beside the closure and has a copy in the target all the same, from an earlier clone, by source id: an alias
 * or an id in text that names it is led to that copy, as it was then.
 */
export type Neighbours = Map<string, Pick<LedgerRow, 'type' | 'targetId' | 'name'>>;

/**
 * Ids outside the closure that its resources name without needing them: in aliases and in text. What the request maps
 * by hand, and flows whose links it drops, are not among them.
 */
export function idsBeside({ entries, unread }: SourceSnapshot, request: CloneRequest): Set<string> {
  const beside = new Set<string>();
  const add = (id: unknown): void => {
    if (!isObjectId(id) || entries.has(id) || unread.has(id)) return;
    if (!Object.hasOwn(request.idMap, id) && !Object.hasOwn(request.connectionMap, id)) beside.add(id);
  };
  const dropped = new Set<unknown>();
  for (const { references, textIds } of entries.values()) {
    for (const { id, row } of references) {
      if (row.kind === 'alias') add(id);
      else if (row.kind === 'linked' && request.linkedFlows === 'drop') dropped.add(id);
    }
    for (const { id } of textIds) add(id);
  }
  for (const id of beside) if (dropped.has(id)) beside.delete(id);
  return beside;
}
