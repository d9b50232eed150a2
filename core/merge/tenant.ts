import { parse } from '../model/pointer.ts';
import type { Keyed } from './keyed.ts';
import type { Sides } from './place.ts';

/** The paths that belong to the tenant, as a tree of segments. */
export interface TenantTree {
  /** This place itself, and all below it, is the tenant's own. */
  readonly whole: boolean;
  readonly below: ReadonlyMap<string, TenantTree>;
}

/** The tree of these JSON Pointers; `undefined` for none. */
export function tenantTree(pointers: readonly string[]): TenantTree | undefined {
  return pointers
    .map((pointer) =>
      parse(pointer).reduceRight<TenantTree>(
        (tree, segment) => ({ whole: false, below: new Map([[segment, tree]]) }),
        {
          whole: true,
          below: new Map(),
        },
      ),
    )
    .reduce<TenantTree | undefined>(united, undefined);
}

/** What is the tenant's by either tree. */
function united(a: TenantTree | undefined, b: TenantTree): TenantTree {
  if (a === undefined) return b;
  const below = new Map(a.below);
  for (const [segment, tree] of b.below) below.set(segment, united(below.get(segment), tree));
  return { whole: a.whole || b.whole, below };
}

/** The tenant's paths below an array, by the identities of its elements. */
export interface TenantElements {
  byKey: ReadonlyMap<string, TenantTree>;
  /** An override added an element, and no index tells which: all that the source lacks are the tenant's. */
  anyAdded: boolean;
}

/** Turns indices into identities: those of the source's elements, else the base's, else the target's. */
export function tenantElements(tenant: TenantTree, { source, base, target }: Sides<Keyed>): TenantElements {
  const [sourceKeys, baseKeys, targetKeys] = [[...source.keys()], [...base.keys()], [...target.keys()]];
  const byKey = new Map<string, TenantTree>();
  let anyAdded = false;
  for (const [segment, tree] of tenant.below) {
    const index = Number(segment);
    const key = sourceKeys[index] ?? baseKeys[index] ?? targetKeys[index];
    if (key === undefined) anyAdded = true;
    else byKey.set(key, united(byKey.get(key), tree));
  }
  return { byKey, anyAdded };
}
