import { describe, expect, test } from '@jest/globals';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { InvalidOptionError } from '../../infra/option-error.ts';
import { type FlowferryServiceProps, resolveServiceProps } from '../../infra/service-props.ts';
import type { ThrottleProps } from '../../infra/throttle.ts';
import { readEnvironment } from '../../lambdas/environment.ts';
import { OPERATIONS } from '../../lambdas/http/operations.ts';
import { ROUTE_LIMITS, STAGE_LIMIT } from '../../lambdas/route-limits.ts';
import { ROUTES, routeKeyOf } from '../../lambdas/routes.ts';

/** What is wrong with options that no type checker saw. */
function problemsOf(props: unknown): readonly string[] {
  try {
    resolveServiceProps(props as FlowferryServiceProps);
  } catch (error) {
    if (error instanceof InvalidOptionError) return error.problems.map(({ path }) => path);
    throw error;
  }
  return [];
}

describe('the limits of the API', () => {
  const limitsOf = (throttle: ThrottleProps) => resolveServiceProps({ throttle }).throttle;

  test('a route is named by its key, and keeps what it is given', () => {
    // Act
    const { stage, routes } = limitsOf({ routes: { 'POST /clone': { rate: 500, burst: 5_000 } } });

    // Assess
    expect(stage).toEqual(STAGE_LIMIT);
    expect(routes).toEqual({ ...ROUTE_LIMITS, 'POST /clone': { rate: 500, burst: 5_000 } });
  });

  test('who lowers what the API takes lowers every route, but those that he names', () => {
    // Act
    const { stage, routes } = limitsOf({
      rate: 1,
      burst: 2,
      routes: { 'GET /health': { rate: 5, burst: 6 } },
    });

    // Assess
    expect(stage).toEqual({ rate: 1, burst: 2 });
    const { 'GET /health': named, ...others } = routes;
    expect(named).toEqual({ rate: 5, burst: 6 });
    expect(Object.keys(others)).toHaveLength(Object.keys(ROUTE_LIMITS).length - 1);
    for (const limit of Object.values(others)) expect(limit).toEqual({ rate: 1, burst: 2 });
  });

  test('who raises it raises none that is low for a reason', () => {
    expect(limitsOf({ rate: 1_000, burst: 2_000 }).routes).toEqual(ROUTE_LIMITS);
  });

  test('by default, dear and open routes are held to less than the others, and those that are polled to more', () => {
    // Prepare
    const polled = Object.entries(ROUTE_LIMITS).filter(([, { rate }]) => rate > STAGE_LIMIT.rate);
    const held = Object.entries(ROUTE_LIMITS).filter(([, { rate }]) => rate < STAGE_LIMIT.rate);

    // Assess
    expect(polled.map(([key]) => key)).toEqual(['GET /clones/{cloneId}', 'GET /syncs/{sync}/runs/{runId}']);
    const keys = ROUTES.map(routeKeyOf);
    const dear = keys.filter((key) => !key.startsWith('GET ') || OPERATIONS[key]?.open === true);
    expect(held.map(([key]) => key)).toEqual(expect.arrayContaining(dear));
  });

  test('one hook may deliver as often as its own limit says', () => {
    // Prepare
    const { FLOWFERRY_HOOK_RATE: rate, FLOWFERRY_HOOK_BURST: burst } = readEnvironment({});
    const open = ROUTE_LIMITS['POST /webhooks/{hook}'];

    // Assess
    expect(open?.rate).toBeGreaterThanOrEqual(rate);
    expect(open?.burst).toBeGreaterThanOrEqual(burst);
  });
});

describe('options of the service', () => {
  test('none are needed, and the defaults are the careful choice', () => {
    expect(resolveServiceProps({})).toMatchObject({
      auth: 'api-keys',
      durable: true,
      removalPolicy: RemovalPolicy.RETAIN,
      logRetention: RetentionDays.ONE_MONTH,
      workerConcurrency: 10,
      throttle: { stage: { rate: 50, burst: 100 }, routes: ROUTE_LIMITS },
      cloneRetention: Duration.days(90),
      idempotencyRetention: Duration.days(7),
      tracing: true,
    });
  });

  test('a typo is an error with a stable code that names it', () => {
    // Act
    const act = () => resolveServiceProps({ logRetension: 30 } as FlowferryServiceProps);

    // Assess
    expect(act).toThrow(expect.objectContaining({ code: 'invalid_option' }));
    expect(act).toThrow(/logRetension/);
  });

  test.each<[string, unknown]>([
    ['auth', { auth: 'api-key' }],
    ['auth.jwt.issuer', { auth: { jwt: { issuer: 'http://login.example', audience: ['flowferry'] } } }],
    ['auth.jwt.audience', { auth: { jwt: { issuer: 'https://login.example', audience: [] } } }],
    ['auth.jwt', { auth: { jwt: { issuer: 'https://login.example', audience: ['a'], scope: 'b' } } }],
    ['durable', { durable: 'yes' }],
    ['executionTimeout', { executionTimeout: 3600 }],
    ['executionTimeout', { executionTimeout: Duration.days(367) }],
    ['executionTimeout', { durable: false, executionTimeout: Duration.hours(1) }],
    ['executionRetention', { executionRetention: Duration.hours(36) }],
    ['executionRetention', { executionRetention: Duration.days(91) }],
    ['logRetention', { logRetention: RetentionDays.INFINITE }],
    ['logRetention', { logRetention: 31 }],
    ['removalPolicy', { removalPolicy: RemovalPolicy.SNAPSHOT }],
    ['workerConcurrency', { workerConcurrency: 0 }],
    ['workerConcurrency', { workerConcurrency: 2.5 }],
    ['throttle.burst', { throttle: { rate: 10, burst: 0 } }],
    ['throttle', { throttle: { rate: 10, burst: 10, quota: 10 } }],
    ['throttle.rate', { throttle: { rate: 0 } }],
    ['throttle.routes.POST /clon', { throttle: { routes: { 'POST /clon': { rate: 1, burst: 1 } } } }],
    ['throttle.routes.$default', { throttle: { routes: { $default: { rate: 1, burst: 1 } } } }],
    ['throttle.routes.POST /clone.rate', { throttle: { routes: { 'POST /clone': { rate: 0, burst: 1 } } } }],
    ['throttle.routes.POST /clone.burst', { throttle: { routes: { 'POST /clone': { rate: 1 } } } }],
    ['throttle.routes.POST /clone', { throttle: { routes: { 'POST /clone': undefined } } }],
    ['cloneRetention', { cloneRetention: 90 }],
    ['cloneRetention', { cloneRetention: Duration.hours(200) }],
    ['cloneRetention', { cloneRetention: Duration.days(6) }],
    ['cloneRetention', { cloneRetention: Duration.days(3651) }],
    ['cloneRetention', { cloneRetention: Duration.days(7), idempotencyRetention: Duration.days(8) }],
    ['cloneRetention', { idempotencyRetention: Duration.days(91) }],
    ['idempotencyRetention', { idempotencyRetention: Duration.hours(12) }],
    ['idempotencyRetention', { idempotencyRetention: Duration.days(366) }],
    ['alarmTopic', { alarmTopic: 'arn:aws:sns:eu-central-1:111111111111:alarms' }],
    ['encryptionKey', { encryptionKey: 'alias/mine' }],
    ['tracing', { tracing: 1 }],
    ['tags', { tags: ['a'] }],
    ['functionsFolder', { functionsFolder: 'lambdas' }],
  ])('%s is refused as it stands in %j', (path, props) => {
    expect(problemsOf(props)).toEqual([path]);
  });

  test('everything that is wrong is listed at once', () => {
    expect(problemsOf({ tracing: 1, durable: 2, workerConcurrency: -1 })).toHaveLength(3);
  });

  test('a duration is taken from whatever copy of aws-cdk-lib made it', () => {
    const own = Duration.days(30);
    const others = { toMilliseconds: () => own.toMilliseconds(), toDays: () => 30, toHumanString: () => '' };

    expect(problemsOf({ cloneRetention: others })).toEqual([]);
  });

  test('what is right is taken as it is', () => {
    // Prepare
    const alarmTopic = new Topic(new Stack(new App(), 'other'), 'Topic');
    const props: FlowferryServiceProps = {
      auth: { jwt: { issuer: 'https://login.example', audience: ['flowferry'] } },
      executionTimeout: Duration.days(366),
      executionRetention: Duration.days(90),
      removalPolicy: RemovalPolicy.DESTROY,
      workerConcurrency: 2,
      cloneRetention: Duration.days(3650),
      idempotencyRetention: Duration.days(365),
      alarmTopic,
      tags: { team: 'integration' },
    };

    // Act and assess
    expect(resolveServiceProps(props)).toMatchObject(props);
  });
});
