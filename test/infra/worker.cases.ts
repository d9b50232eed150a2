import { describe, expect, test } from '@jest/globals';
import { Duration } from 'aws-cdk-lib';
import { Synthesized } from './synthesize.ts';

describe('the worker as a durable function', () => {
  const made = new Synthesized();

  test('an execution may last a day, and its history is kept for two weeks', () => {
    expect(made.properties('worker').DurableConfig).toEqual({
      ExecutionTimeout: 86_400,
      RetentionPeriodInDays: 14,
    });
  });

  test('both can be set', () => {
    // Act
    const other = new Synthesized({
      executionTimeout: Duration.hours(2),
      executionRetention: Duration.days(3),
    });

    // Assess
    expect(other.properties('worker').DurableConfig).toEqual({
      ExecutionTimeout: 7_200,
      RetentionPeriodInDays: 3,
    });
  });

  test('no other function is durable', () => {
    for (const name of ['clone', 'clones', 'accounts', 'meta']) {
      expect(made.properties(name)).not.toHaveProperty('DurableConfig');
    }
  });

  test('it is started through an alias of a version that outlives the next deployment', () => {
    // Prepare
    const [[versionId, version] = []] = Object.entries(made.resources('AWS::Lambda::Version'));

    // Act
    const alias = made.only('AWS::Lambda::Alias').Properties;

    // Assess
    expect(alias).toMatchObject({ Name: 'live', FunctionVersion: { 'Fn::GetAtt': [versionId, 'Version'] } });
    expect(version).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('the functions that start it know its name and its alias', () => {
    for (const name of ['clone', 'clones']) {
      expect(made.properties(name).Environment).toMatchObject({
        Variables: {
          FLOWFERRY_WORKER_FUNCTION: made.resolve(made.function('worker').function.functionName),
          FLOWFERRY_WORKER_QUALIFIER: 'live',
        },
      });
    }
  });

  test('the event of an execution that ended without success is kept for two weeks in a queue', () => {
    // Prepare
    const [[queueId, queue] = []] = Object.entries(made.resources('AWS::SQS::Queue'));

    // Act
    const letters = made.properties('worker').DeadLetterConfig;

    // Assess
    expect(letters).toEqual({ TargetArn: { 'Fn::GetAtt': [queueId, 'Arn'] } });
    expect(queue?.Properties).toMatchObject({
      MessageRetentionPeriod: 1_209_600,
      SqsManagedSseEnabled: true,
    });
  });

  test('no queue feeds it: that would cap an execution at 15 minutes', () => {
    made.template.resourceCountIs('AWS::Lambda::EventSourceMapping', 0);
  });
});

describe('the worker where there are no durable functions', () => {
  const made = new Synthesized({ durable: false, workerConcurrency: 4 });
  const queues = made.resources('AWS::SQS::Queue');
  const [[workId, work] = [undefined, undefined]] = Object.entries(queues).filter(
    ([, { Properties }]) => 'RedrivePolicy' in Properties,
  );

  test('nothing is durable, and no alias stands before the function', () => {
    expect(made.properties('worker')).not.toHaveProperty('DurableConfig');
    made.template.resourceCountIs('AWS::Lambda::Alias', 0);
  });

  test('a queue drives it, message by message, never more at once than it may run', () => {
    expect(made.only('AWS::Lambda::EventSourceMapping').Properties).toMatchObject({
      EventSourceArn: { 'Fn::GetAtt': [workId, 'Arn'] },
      BatchSize: 1,
      ScalingConfig: { MaximumConcurrency: 4 },
    });
    expect(made.properties('worker').ReservedConcurrentExecutions).toBe(4);
  });

  test('a message that failed five times goes to the dead letters', () => {
    expect(work?.Properties.RedrivePolicy).toMatchObject({ maxReceiveCount: 5 });
    expect(Object.keys(queues)).toHaveLength(2);
  });

  test('a message stays hidden for longer than its worker can run', () => {
    expect(work?.Properties.VisibilityTimeout).toBeGreaterThan(made.properties('worker').Timeout as number);
  });

  test('whoever starts work may send to the queue, the worker to hand itself on included, and nobody else', () => {
    // Act
    const senders = [...made.functions.keys()].filter(
      (name) => made.resourcesFor(name, 'sqs:SendMessage').length > 0,
    );

    // Assess
    expect(senders.sort()).toEqual([
      'accounts',
      'clone',
      'clones',
      'sweeper',
      'sync-schedule',
      'syncs',
      'webhooks',
      'worker',
    ]);
    for (const name of senders) {
      expect(made.resourcesFor(name, 'sqs:SendMessage')).toContainEqual({ 'Fn::GetAtt': [workId, 'Arn'] });
      expect(made.resourcesFor(name, 'lambda:')).toEqual([]);
    }
  });
});
