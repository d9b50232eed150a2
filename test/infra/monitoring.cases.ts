import { describe, expect, test } from '@jest/globals';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { alarms } from '../../infra/alarms.ts';
import { Synthesized } from './synthesize.ts';

describe('alarms', () => {
  const made = new Synthesized();
  const found = Object.values(made.resources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);

  test('every alarm of the list is in the template, once for each resource it watches', () => {
    // Prepare
    const watched = {
      function: made.functions.size,
      'durable worker': 1,
      'dead letters': 1,
      clones: 1,
      api: 1,
      table: 1,
    };

    // Act
    const counts = alarms.map((alarm) => [
      alarm.id,
      found.filter(
        ({ Namespace, MetricName }) => Namespace === alarm.namespace && MetricName === alarm.metric,
      ).length,
    ]);

    // Assess
    expect(counts).toEqual(alarms.map((alarm) => [alarm.id, watched[alarm.subject]]));
    expect(found).toHaveLength(counts.reduce((sum, [, count]) => sum + Number(count), 0));
  });

  test('every alarm says what it means, tells the topic, and takes silence for good news', () => {
    // Prepare
    const topic = made.resolve(made.service.alarmTopic.topicArn);

    // Assess
    for (const alarm of found) {
      expect(alarm).toMatchObject({ AlarmActions: [topic], TreatMissingData: 'notBreaching' });
      expect(String(alarm.AlarmDescription).length).toBeGreaterThan(40);
    }
  });

  test('every alarm looks at one resource of this service', () => {
    for (const { Dimensions, Namespace } of found) {
      const ofService = Namespace === 'flowferry' ? /"Service","Value":"flowferry"/ : /"(Ref|Fn::GetAtt)":/;
      expect(JSON.stringify(Dimensions)).toMatch(ofService);
    }
  });

  test('a topic that exists already can be used', () => {
    // Act
    const other = new Synthesized((stack) => ({ alarmTopic: new Topic(stack, 'Mine') }));
    const [topicId] = Object.keys(other.resources('AWS::SNS::Topic'));

    // Assess
    other.template.resourceCountIs('AWS::SNS::Topic', 1);
    for (const { Properties } of Object.values(other.resources('AWS::CloudWatch::Alarm'))) {
      expect(Properties.AlarmActions).toEqual([{ Ref: topicId }]);
    }
  });

  test('without durable functions nothing waits for their metrics', () => {
    // Act
    const other = JSON.stringify(new Synthesized({ durable: false }).resources('AWS::CloudWatch::Alarm'));

    // Assess
    expect(other).not.toContain('DurableExecution');
    expect(other).toContain('ApproximateNumberOfMessagesVisible');
  });
});

describe('what an operator finds', () => {
  const made = new Synthesized({ tags: { team: 'integration' } });

  test('a dashboard with every metric that has an alarm', () => {
    // Act
    const body = JSON.stringify(made.only('AWS::CloudWatch::Dashboard').Properties.DashboardBody);

    // Assess
    for (const { metric } of alarms) expect(body).toContain(metric);
  });

  test('the stack tells the address, the table, the key secret, the dead letters, the topic and the dashboard', () => {
    // Act
    const names = Object.keys(made.template.findOutputs('*')).map((id) =>
      id.replace(/^Service|[0-9A-F]{8}$/g, ''),
    );

    // Assess
    expect(names.sort()).toEqual([
      'AlarmTopicArn',
      'ApiKeysSecret',
      'CallbackSecret',
      'DashboardName',
      'DeadLettersUrl',
      'TableName',
      'Url',
    ]);
  });

  test.each([
    'AWS::Lambda::Function',
    'AWS::DynamoDB::Table',
    'AWS::SecretsManager::Secret',
    'AWS::SQS::Queue',
  ])('tags are on every %s', (type) => {
    for (const { Properties } of Object.values(made.resources(type))) {
      expect(Properties.Tags).toContainEqual({ Key: 'team', Value: 'integration' });
    }
  });
});
