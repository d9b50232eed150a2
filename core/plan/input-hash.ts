import { hashOf } from '../model/canonical.ts';
import type { Override, Patches } from '../model/request.ts';
import type { Json, ResourceType } from '../model/resource.ts';
import type { Entry } from '../read/entry.ts';
import { selects } from './body.ts';
import { idsIn } from './ids.ts';
import type { PlannedAction } from './plan.ts';

/** What a document is turned into a copy with. */
export interface Inputs {
  /** Target id of a source id; for a flow group, its name. */
  resolve: (id: string) => string | undefined;
  /** Where flows go that belong to no integration. */
  homeIntegrationId: string | undefined;
  overrides: readonly Override[];
}

/**
 * Hash of all that a copy is made from: the stripped source document, the target ids its references get, and the
 * overrides meant for it. While it stays the same the copy needs no write, and its body need not even be made.
 */
export function inputHashOf(
  action: Pick<PlannedAction, 'type' | 'name' | 'sourceId'>,
  sourceHash: string,
  entry: Pick<Entry, 'references' | 'textIds'>,
  { resolve, homeIntegrationId, overrides }: Inputs,
): string {
  const resolved: Json = [...new Set(idsIn(entry))].sort().map((id): Json => [id, resolve(id) ?? null]);
  const patches = patchesFor(overrides, action.type, action.name, action.sourceId);
  const isHomeless =
    action.type === 'flow' && !entry.references.some(({ pointer }) => pointer === '/_integrationId');
  const home: Json = isHomeless ? [homeIntegrationId ?? null] : [];
  return hashOf([sourceHash, resolved, patches as unknown as Json, home]);
}

/** The operations of all overrides that are meant for one resource. */
export function patchesFor(
  overrides: readonly Override[],
  type: ResourceType,
  name: string,
  sourceId: string,
): Patches {
  return overrides
    .filter((override) => selects(override, { type, name, sourceId }))
    .map(({ patch }) => patch);
}
