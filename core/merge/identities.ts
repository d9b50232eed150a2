import { isObject, member, parse } from '../model/pointer.ts';
import type { Json, ResourceType } from '../model/resource.ts';

/**
 * How an element of an array is told from its neighbours:
 * - `members`: by the values of these members together. `optional`: an element may lack them all, once an array.
 * - `step`: by the export or import a page processor refers to, and how often that one came before.
 * - `value`: by what it is, in an array of ids or words.
 */
export type Identity =
  | { by: 'members'; names: readonly string[]; optional?: true }
  | { by: 'step' }
  | { by: 'value' };

/** An array whose elements are things, merged one by one instead of as one value. */
export interface ArrayRule {
  types: readonly ResourceType[] | 'any';
  /** JSON Pointer; `*` is any one segment, a leading `**` any number of them. */
  path: string;
  /** The first that tells all elements apart on all sides counts; where none does, the array is one value. */
  identities: readonly Identity[];
  /** A set's order has no meaning: it is neither a change nor a conflict. */
  set?: true;
  /** Whether the merged elements still hang together; where not, the array is one value after all. */
  intact?: (elements: readonly Json[]) => boolean;
}

const by = (...names: string[]): readonly Identity[] => [{ by: 'members', names }];
const byIfAny = (name: string): readonly Identity[] => [{ by: 'members', names: [name], optional: true }];
const step: readonly Identity[] = [{ by: 'step' }];
const value: readonly Identity[] = [{ by: 'value' }];
const branch: readonly Identity[] = [...by('branchId'), ...by('name')];

/**
 * integrator.io refuses a flow with a branch that goes on to a router the flow lacks. That happens when one side
 * removes a router and the other sends a branch there.
 */
function routersReachable(routers: readonly Json[]): boolean {
  const ids = new Set(routers.map((router) => (isObject(router) ? member(router, 'id') : undefined)));
  return routers.every((router) => {
    const branches = isObject(router) ? member(router, 'branches') : undefined;
    if (!Array.isArray(branches)) return true;
    return branches.every((one) => {
      const next = isObject(one) ? member(one, 'nextRouterId') : undefined;
      return next === undefined || next === null || next === '' || ids.has(next);
    });
  });
}

/** A mapping without `generate` makes the whole record, so at most one of a list lacks it. */
export const ARRAY_RULES: readonly ArrayRule[] = [
  { types: ['flow'], path: '/pageGenerators', identities: by('_exportId') },
  { types: ['flow'], path: '/pageProcessors', identities: step },
  { types: ['flow'], path: '/_runNextFlowIds', identities: value, set: true },
  { types: ['flow'], path: '/_runNextExportIds', identities: by('_flowId', '_exportId'), set: true },
  { types: ['flow'], path: '/overrides/_runNextFlowIds', identities: value, set: true },
  {
    types: ['flow'],
    path: '/overrides/_runNextExportIds',
    identities: by('_flowId', '_exportId'),
    set: true,
  },
  { types: ['flow'], path: '/overrides/routers/*/branches', identities: by('_abstractId') },
  { types: ['flow'], path: '/overrides/*', identities: by('_abstractId') },
  { types: ['flow'], path: '/overridesHelper/*', identities: by('_abstractId') },
  { types: ['import'], path: '/tool/overrides/*', identities: by('_abstractId') },
  {
    types: ['flow', 'tool', 'api'],
    path: '/**/routers',
    identities: by('id'),
    intact: routersReachable,
  },
  { types: ['flow', 'tool', 'api'], path: '/**/routers/*/branches', identities: branch },
  { types: ['flow', 'tool', 'api'], path: '/**/routers/*/branches/*/pageProcessors', identities: step },
  { types: ['flow', 'integration'], path: '/aliases', identities: by('alias') },
  { types: ['integration'], path: '/flowGroupings', identities: [...by('_id'), ...by('name')] },
  { types: ['integration'], path: '/apiGroupings', identities: by('name') },
  { types: ['integration'], path: '/_registeredConnectionIds', identities: value, set: true },
  { types: ['integration'], path: '/_registeredLookupCacheIds', identities: value, set: true },
  { types: 'any', path: '/**/responseMapping/fields', identities: by('generate') },
  { types: 'any', path: '/**/responseMapping/lists', identities: by('generate') },
  { types: 'any', path: '/**/responseMapping/lists/*/fields', identities: by('generate') },
  { types: 'any', path: '/**/mapping/fields', identities: by('generate') },
  { types: 'any', path: '/**/mapping/lists', identities: by('generate') },
  { types: 'any', path: '/**/mapping/lists/*/fields', identities: by('generate') },
  { types: 'any', path: '/**/mappings', identities: byIfAny('generate') },
  { types: 'any', path: '/**/buildArrayHelper', identities: byIfAny('extract') },
  { types: 'any', path: '/**/lookups', identities: by('name') },
  { types: 'any', path: '/**/headers', identities: by('name') },
];

interface CompiledRule {
  rule: ArrayRule;
  floating: boolean;
  segments: readonly string[];
}

const COMPILED: readonly CompiledRule[] = ARRAY_RULES.map((rule) => {
  const segments = parse(rule.path);
  const floating = segments[0] === '**';
  return { rule, floating, segments: floating ? segments.slice(1) : segments };
});

/** The rule for the array at this path of a resource, the first that fits; `undefined`: it is one value. */
export function ruleFor(type: ResourceType, path: readonly string[]): ArrayRule | undefined {
  return COMPILED.find(({ rule, floating, segments }) => {
    const start = path.length - segments.length;
    if (floating ? start < 0 : start !== 0) return false;
    if (rule.types !== 'any' && !rule.types.includes(type)) return false;
    return segments.every((segment, index) => segment === '*' || segment === path[start + index]);
  })?.rule;
}
