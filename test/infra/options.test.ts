import { describe, expect, test } from '@jest/globals';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { InvalidOptionError } from '../../infra/option-error.ts';
import { type FlowferryServiceProps, resolveServiceProps } from '../../infra/service-props.ts';

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

describe('options of the service', () => {
  test('none are needed, and the defaults are the careful choice', () => {
    expect(resolveServiceProps({})).toMatchObject({
      auth: 'api-keys',
      durable: true,
      removalPolicy: RemovalPolicy.RETAIN,
      logRetention: RetentionDays.ONE_MONTH,
      workerConcurrency: 10,
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

  test('what is right is taken as it is', () => {
    // Prepare
    const alarmTopic = new Topic(new Stack(new App(), 'other'), 'Topic');
    const props: FlowferryServiceProps = {
      auth: { jwt: { issuer: 'https://login.example', audience: ['flowferry'] } },
      executionTimeout: Duration.days(366),
      executionRetention: Duration.days(90),
      removalPolicy: RemovalPolicy.DESTROY,
      workerConcurrency: 2,
      alarmTopic,
      tags: { team: 'integration' },
    };

    // Act and assess
    expect(resolveServiceProps(props)).toMatchObject(props);
  });
});
