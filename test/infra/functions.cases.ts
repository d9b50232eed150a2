import { describe, expect, test } from '@jest/globals';
import { Duration } from 'aws-cdk-lib';
import { scheduledFunctions } from '../../infra/functions.ts';
import type { FlowferryServiceProps } from '../../infra/service-props.ts';
import { DEFAULT_ROUTE, ROUTES } from '../../lambdas/routes.ts';
import { Synthesized } from './synthesize.ts';

describe('how each function is made', () => {
  const made = new Synthesized();
  const names = [...made.functions.keys()];

  test('each function that a route, a clock or a schedule calls is deployed, and the worker, and nothing more', () => {
    const routed = [...ROUTES, DEFAULT_ROUTE].map((route) => route.function);
    const expected = new Set([...routed, 'worker', 'sync-schedule', ...Object.keys(scheduledFunctions)]);
    expect(new Set(names)).toEqual(expected);
    made.template.resourceCountIs('AWS::Lambda::Function', expected.size);
  });

  test.each(names)('%s runs on Node 24 and ARM64, is traced and logs JSON', (name) => {
    expect(made.properties(name)).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON' },
    });
  });

  test.each(['clone', 'clones', 'accounts', 'webhooks', 'syncs', 'meta'])(
    '%s ends before API Gateway gives up',
    (name) => {
      expect(made.properties(name).Timeout).toBeLessThan(30);
    },
  );

  test('no function has a fixed name, so that each can be replaced', () => {
    for (const name of names) expect(made.properties(name)).not.toHaveProperty('FunctionName');
  });

  test('no function holds a secret in its environment, only the names of things', () => {
    // Act
    const variables = names.flatMap((name) => {
      const environment = made.properties(name).Environment as
        | { Variables: Record<string, unknown> }
        | undefined;
      return Object.keys(environment?.Variables ?? {});
    });

    // Assess
    expect(new Set(variables)).toEqual(
      new Set([
        'FLOWFERRY_TABLE',
        'FLOWFERRY_WORKER_FUNCTION',
        'FLOWFERRY_WORKER_QUALIFIER',
        'FLOWFERRY_EVENT_BUS',
        'FLOWFERRY_DEAD_LETTERS_URL',
        'FLOWFERRY_CLONE_DAYS',
        'FLOWFERRY_IDEMPOTENCY_DAYS',
        'FLOWFERRY_METRICS',
        'FLOWFERRY_SCHEDULE_GROUP',
        'FLOWFERRY_SCHEDULE_FUNCTION_ARN',
        'FLOWFERRY_SCHEDULE_ROLE_ARN',
        'FLOWFERRY_SCHEDULE_DEAD_LETTERS_ARN',
      ]),
    );
  });

  describe.each<[string, FlowferryServiceProps, string, string]>([
    ['no option', {}, '90', '7'],
    [
      'both times given',
      { cloneRetention: Duration.days(365), idempotencyRetention: Duration.days(30) },
      '365',
      '30',
    ],
    ['a queue before the worker', { durable: false, cloneRetention: Duration.days(30) }, '30', '7'],
  ])('with %s', (_case, props, cloneDays, idempotencyDays) => {
    const told = new Synthesized(props);
    const toldOf = (variable: string): Record<string, unknown> =>
      Object.fromEntries(
        [...told.functions.keys()].flatMap((name) => {
          const { Variables = {} } = (told.properties(name).Environment ?? {}) as {
            Variables?: Record<string, unknown>;
          };
          return variable in Variables ? [[name, Variables[variable]]] : [];
        }),
      );

    test('whoever stores clones or runs of syncs knows how long they are kept, and nobody else', () => {
      const those = [
        'clone',
        'clones',
        'accounts',
        'webhooks',
        'syncs',
        'worker',
        'sync-schedule',
        'sweeper',
      ];
      expect(toldOf('FLOWFERRY_CLONE_DAYS')).toEqual(
        Object.fromEntries(those.map((name) => [name, cloneDays])),
      );
    });

    test('only the door knows how long idempotency keys are kept', () => {
      expect(toldOf('FLOWFERRY_IDEMPOTENCY_DAYS')).toEqual({ clone: idempotencyDays });
    });

    test('whoever brings clones to rest counts them', () => {
      expect(toldOf('FLOWFERRY_METRICS')).toEqual({ worker: 'totals', sweeper: 'totals' });
    });
  });

  test("reserved concurrency is the worker's, never the door's", () => {
    // Act
    const reserved = names.filter((name) => 'ReservedConcurrentExecutions' in made.properties(name));

    // Assess
    expect(reserved).toEqual(['worker']);
    expect(made.properties('worker').ReservedConcurrentExecutions).toBe(10);
  });

  test('no function has an address of its own that would go round the API', () => {
    made.template.resourceCountIs('AWS::Lambda::Url', 0);
  });

  test('only API Gateway of this API, and the rules of this stack, may invoke a function from outside', () => {
    // Prepare
    const api = JSON.stringify(made.resolve(made.service.api.api.apiId));
    const rules = Object.keys(made.resources('AWS::Events::Rule'));

    // Act
    const permissions = Object.values(made.resources('AWS::Lambda::Permission')).map(
      ({ Properties }) => Properties,
    );

    // Assess
    for (const { Principal, SourceArn } of permissions) {
      if (Principal === 'apigateway.amazonaws.com') expect(JSON.stringify(SourceArn)).toContain(api);
      else {
        expect(Principal).toBe('events.amazonaws.com');
        expect(rules.map((rule) => ({ 'Fn::GetAtt': [rule, 'Arn'] }))).toContainEqual(SourceArn);
      }
    }
  });

  test('what is logged can be set, for Lambda and for the function alike', () => {
    // Act
    const verbose = new Synthesized({ logLevel: 'DEBUG' });

    // Assess
    for (const name of verbose.functions.keys()) {
      expect(verbose.properties(name)).toMatchObject({
        LoggingConfig: { ApplicationLogLevel: 'DEBUG' },
        Environment: { Variables: { FLOWFERRY_LOG_LEVEL: 'DEBUG' } },
      });
    }
  });

  test('tracing can be switched off', () => {
    // Act
    const quiet = new Synthesized({ tracing: false });

    // Assess
    expect(quiet.properties('clone')).not.toHaveProperty('TracingConfig');
    expect(quiet.resourcesFor('clone', 'xray:')).toEqual([]);
  });
});
