import { parse } from '../model/pointer.ts';
import type { ResourceType } from '../model/resource.ts';
import type { Policy, Resolution } from './types.ts';

/** What a policy says about a conflict at this path: the first line that fits counts, `keep-target` where none does. */
export function resolutionFor(policy: Policy, type: ResourceType, path: string): Resolution {
  if (typeof policy === 'string') return policy;
  const segments = parse(path);
  const fitting = policy.find((rule) => rule.type === type && isPrefix(parse(rule.path), segments));
  return fitting?.policy ?? 'keep-target';
}

function isPrefix(prefix: readonly string[], segments: readonly string[]): boolean {
  return (
    prefix.length <= segments.length &&
    prefix.every((segment, index) => segment === '*' || segment === segments[index])
  );
}
