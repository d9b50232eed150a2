import { hashOf } from '../model/canonical.ts';
import type { Override } from '../model/request.ts';
import type { Json } from '../model/resource.ts';
import { selects } from './body.ts';
import type { PlannedAction } from './plan.ts';

/**
 * Hash of all that a copy is made from: the stripped source document, the target ids its references get, and the
 * overrides meant for it. While it stays the same the copy needs no write, and its body need not even be made.
 */
export function inputHashOf(
  action: Pick<PlannedAction, 'type' | 'name' | 'sourceId'>,
  sourceHash: string,
  ids: readonly string[],
  resolve: (id: string) => string | undefined,
  overrides: readonly Override[],
): string {
  const resolved: Json = [...new Set(ids)].sort().map((id): Json => [id, resolve(id) ?? null]);
  const patches = overrides.filter((override) => selects(override, action)).map(({ patch }) => patch);
  return hashOf([sourceHash, resolved, patches as unknown as Json]);
}
