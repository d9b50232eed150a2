import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import cdk from '../../cdk.json' with { type: 'json' };
import type { FlowferryFunction } from '../../infra/flowferry-function.ts';
import { FlowferryService } from '../../infra/flowferry-service.ts';
import { scheduledFunctions, syncScheduleFunction, workerHosts } from '../../infra/functions.ts';
import type { FlowferryServiceProps } from '../../infra/service-props.ts';
import { DEFAULT_ROUTE, ROUTES } from '../../lambdas/routes.ts';

/** A folder with an entry for every function a service may have. The templates don't depend on what is inside. */
export function functionsFolder({ without = [] }: { without?: string[] } = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'flowferry-functions-'));
  const routed = ROUTES.map((route) => route.function);
  const hosts = Object.values(workerHosts).map((host) => host.folder);
  const names = [
    ...routed,
    DEFAULT_ROUTE.function,
    ...hosts,
    ...Object.keys(scheduledFunctions),
    syncScheduleFunction.folder,
  ];
  for (const name of new Set(names)) {
    if (without.includes(name)) continue;
    mkdirSync(join(folder, name));
    writeFileSync(
      join(folder, name, 'index.ts'),
      'export const handler = async () => ({ statusCode: 204 });\n',
    );
  }
  return folder;
}

export interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DependsOn?: readonly string[];
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

/** One statement of a policy, its lists always lists. */
export interface Right {
  actions: string[];
  resources: unknown[];
}

/** A service in a stack of its own, synthesized as `npm run synth` does, but without bundling. */
export class Synthesized {
  readonly app: App;
  readonly stack: Stack;
  readonly service: FlowferryService;
  readonly template: Template;

  constructor(props: FlowferryServiceProps | ((stack: Stack) => FlowferryServiceProps) = {}) {
    this.app = new App({ context: { ...cdk.context, 'aws:cdk:bundling-stacks': [] } });
    this.stack = new Stack(this.app, 'flowferry');
    const given = typeof props === 'function' ? props(this.stack) : props;
    this.service = new FlowferryService(this.stack, 'Service', {
      functionsFolder: functionsFolder(),
      ...given,
    });
    this.template = Template.fromStack(this.stack);
  }

  /** All functions by name, the worker included. */
  get functions(): Map<string, FlowferryFunction> {
    const { functions, worker, scheduled, schedules } = this.service;
    return new Map<string, FlowferryFunction>([
      ...functions,
      ['worker', worker.function],
      ['sync-schedule', schedules.function],
      ...scheduled,
    ]);
  }

  function(name: string): FlowferryFunction {
    const found = this.functions.get(name);
    if (!found) throw new Error(`no function ${name}`);
    return found;
  }

  /** The resources of one CloudFormation type, by logical id. */
  resources(type: string): Record<string, Resource> {
    return this.template.findResources(type) as Record<string, Resource>;
  }

  /** The properties of the only resource of a type. */
  only(type: string): Resource {
    const found = Object.values(this.resources(type));
    if (found.length !== 1 || !found[0]) throw new Error(`${found.length} resources of ${type}`);
    return found[0];
  }

  properties(name: string): Record<string, unknown> {
    const id = this.stack.getLogicalId(this.function(name).function.node.defaultChild as CfnFunction);
    const found = this.resources('AWS::Lambda::Function')[id];
    if (!found) throw new Error(`${name} is not in the template`);
    return found.Properties;
  }

  /** What CloudFormation puts in the place of this value. */
  resolve(value: unknown): unknown {
    return this.stack.resolve(value);
  }

  /** Everything a function's role may do. */
  rights(name: string): Right[] {
    return this.rightsOf(this.function(name).role);
  }

  /** Everything a role may do. */
  rightsOf({ roleName }: { readonly roleName: string }): Right[] {
    const role = JSON.stringify(this.resolve(roleName));
    return Object.values(this.resources('AWS::IAM::Policy'))
      .filter(({ Properties }) =>
        (Properties.Roles as unknown[]).some((each) => JSON.stringify(each) === role),
      )
      .flatMap(({ Properties }) => (Properties.PolicyDocument as { Statement: Statement[] }).Statement)
      .map(({ Action, Resource }) => ({ actions: listOf(Action), resources: listOf(Resource) }));
  }

  /** The resources on which a function's role may do what begins like this. */
  resourcesFor(name: string, action: string): unknown[] {
    return this.rights(name)
      .filter(({ actions }) => actions.some((each) => each.startsWith(action)))
      .flatMap(({ resources }) => resources);
  }
}

interface Statement {
  Action: string | string[];
  Resource: unknown;
}

function listOf<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}
