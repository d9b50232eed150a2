import { App, type CfnElement, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import cdk from '../cdk.json' with { type: 'json' };
import { FlowferryService } from './flowferry-service.ts';
import type { FlowferryServiceProps } from './service-props.ts';

/** The resources of a stack, by the path of the construct that made them. */
export type Resources = ReadonlyMap<string, { readonly type: string; readonly properties: unknown }>;

/** What one template has and another has not. */
export interface TemplateDiff {
  readonly added: readonly { path: string; type: string }[];
  readonly removed: readonly { path: string; type: string }[];
  /** Resources that both have, with the properties that differ. */
  readonly changed: readonly { path: string; type: string; properties: readonly string[] }[];
}

/**
 * The resources of a service with these options, synthesized without bundling. Logical ids are replaced by paths,
 * and code is left out: both change with what is inside the functions.
 */
export function resourcesOf(
  props: FlowferryServiceProps | ((stack: Stack) => FlowferryServiceProps),
): Resources {
  const app = new App({ context: { ...cdk.context, 'aws:cdk:bundling-stacks': [] } });
  const stack = new Stack(app, 'stack');
  new FlowferryService(stack, 'Service', typeof props === 'function' ? props(stack) : props);
  const paths = new Map<string, string>();
  for (const construct of stack.node.findAll()) {
    if (Reflect.has(construct, 'logicalId')) {
      const id: unknown = stack.resolve((construct as CfnElement).logicalId);
      paths.set(String(id), construct.node.path.split('/').slice(1).join('/'));
    }
  }
  const { Resources: raw } = Template.fromStack(stack).toJSON() as { Resources: Record<string, RawResource> };
  return new Map(
    Object.entries(raw).map(([id, { Type: type, Properties = {}, DeletionPolicy }]) => {
      const { Code: _code, ...properties } = Properties;
      return [
        paths.get(id) ?? id,
        { type, properties: withPaths({ ...properties, DeletionPolicy }, paths) },
      ] as const;
    }),
  );
}

interface RawResource {
  Type: string;
  Properties?: Record<string, unknown>;
  DeletionPolicy?: string;
}

function withPaths(value: unknown, paths: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return paths.get(value) ?? value;
  if (Array.isArray(value)) return value.map((entry) => withPaths(entry, paths));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withPaths(member, paths)]));
}

/** What changes in a template when one set of resources takes the place of another. */
export function diffOf(before: Resources, after: Resources): TemplateDiff {
  const only = (some: Resources, others: Resources) =>
    [...some]
      .filter(([path, { type }]) => others.get(path)?.type !== type)
      .map(([path, { type }]) => ({ path, type }));
  const changed = [...after].flatMap(([path, { type, properties }]) => {
    const old = before.get(path);
    if (old?.type !== type) return [];
    const names = differing(old.properties, properties, []);
    return names.length === 0 ? [] : [{ path, type, properties: names }];
  });
  return { added: only(after, before), removed: only(before, after), changed };
}

/** How deep into properties a difference is named: `Environment.Variables.NAME`. */
const DEPTH = 3;

function differing(before: unknown, after: unknown, path: readonly string[]): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (path.length === DEPTH || !isObject(before) || !isObject(after)) return [path.join('.')];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => differing(before[name], after[name], [...path, name]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
