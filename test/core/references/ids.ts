import { RESOURCE_TYPES, type ResourceType } from '../../../core/model/resource.ts';

const OTHERS = [
  'topic',
  'storage',
  'agentgroup',
  'mcpoauthprovider',
  'flowgrouping',
  'apigrouping',
  'lookalike',
] as const;
const KINDS = [...RESOURCE_TYPES, ...OTHERS];

/** An id of the fixture: the same for the same kind and number, and unlike that of any other. */
export function idOf(kind: ResourceType | (typeof OTHERS)[number], number = 1): string {
  const two = (value: number): string => value.toString(16).padStart(2, '0');
  return `64c1e0a9b7d35f2e8a${two(KINDS.indexOf(kind) + 1)}00${two(number)}`;
}

/** What an id of the fixture becomes where a test maps ids: another one, which maps to no third. */
export function mapped(id: string): string {
  return `71aa${id.slice(4)}`;
}
