import { describe, expect, test } from '@jest/globals';
import { RemovalPolicy } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { createTableInput, tableDefinition } from '../../adapters/dynamodb/table.ts';
import { type Resource, Synthesized } from './synthesize.ts';

const byName = (left: { AttributeName: string }, right: { AttributeName: string }) =>
  left.AttributeName.localeCompare(right.AttributeName);

describe('the table', () => {
  const table = new Synthesized().only('AWS::DynamoDB::Table');

  test('it is the one that the stores expect', () => {
    // Prepare
    const expected = createTableInput('any');

    // Act
    const { AttributeDefinitions, ...rest } = table.Properties;

    // Assess
    expect((AttributeDefinitions as { AttributeName: string }[]).toSorted(byName)).toEqual(
      expected.AttributeDefinitions.toSorted(byName),
    );
    expect(rest).toMatchObject({
      KeySchema: expected.KeySchema,
      GlobalSecondaryIndexes: expected.GlobalSecondaryIndexes,
      BillingMode: expected.BillingMode,
      TimeToLiveSpecification: { AttributeName: tableDefinition.timeToLiveAttribute, Enabled: true },
    });
  });

  test('it is encrypted and can be restored to any second', () => {
    expect(table.Properties).toMatchObject({
      SSESpecification: { SSEEnabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });

  test('neither a hand nor the end of the stack deletes it', () => {
    expect(table.Properties.DeletionProtectionEnabled).toBe(true);
    expect(table).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('it goes with the stack where that was asked for', () => {
    // Act
    const temporary = new Synthesized({ removalPolicy: RemovalPolicy.DESTROY }).only('AWS::DynamoDB::Table');

    // Assess
    expect(temporary.DeletionPolicy).toBe('Delete');
    expect(temporary.Properties.DeletionProtectionEnabled).toBe(false);
  });
});

describe('the secrets', () => {
  const made = new Synthesized();
  const secret = (name: string): Resource => {
    const all = Object.values(made.resources('AWS::SecretsManager::Secret'));
    const found = all.find(({ Properties }) => Properties.Name === name);
    if (!found) throw new Error(`no secret ${name}`);
    return found;
  };

  test('the key secret begins without keys, so that nobody can come in', () => {
    expect(secret('flowferry/api-keys').Properties.SecretString).toBe('{"keys":[]}');
  });

  test('callbacks are signed with a secret that nobody chose: 33 random bytes in base64', () => {
    // Act
    const { GenerateSecretString, SecretString } = secret('flowferry/callback-secret').Properties;

    // Assess
    expect(GenerateSecretString).toEqual({ ExcludePunctuation: true, PasswordLength: 44 });
    expect(SecretString).toBeUndefined();
  });

  test('both outlive the stack', () => {
    for (const name of ['flowferry/api-keys', 'flowferry/callback-secret']) {
      expect(secret(name).DeletionPolicy).toBe('Retain');
    }
  });

  test('no policy opens a secret to another account', () => {
    made.template.resourceCountIs('AWS::SecretsManager::ResourcePolicy', 0);
  });
});

describe('the logs', () => {
  test('every log group expires after a month', () => {
    // Act
    const made = new Synthesized();
    const groups = Object.values(made.resources('AWS::Logs::LogGroup'));

    // Assess: one of each function, and the access log
    expect(groups).toHaveLength(made.functions.size + 1);
    for (const { Properties } of groups) expect(Properties.RetentionInDays).toBe(30);
  });

  test('their retention can be set', () => {
    // Act
    const made = new Synthesized({ logRetention: RetentionDays.ONE_YEAR });

    // Assess
    for (const { Properties } of Object.values(made.resources('AWS::Logs::LogGroup'))) {
      expect(Properties.RetentionInDays).toBe(365);
    }
  });
});

describe('queues and topics', () => {
  test.each([true, false])('they take nothing that is not encrypted on its way (durable: %s)', (durable) => {
    // Prepare
    const made = new Synthesized({ durable });
    const policies = [
      ...Object.values(made.resources('AWS::SQS::QueuePolicy')),
      ...Object.values(made.resources('AWS::SNS::TopicPolicy')),
    ];

    // Assess
    expect(policies).toHaveLength(durable ? 2 : 3);
    for (const policy of policies) {
      expect(statements(policy)).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
    }
  });

  test('nobody is allowed anything by a policy of theirs but the alarms of this AWS account', () => {
    // Prepare
    const made = new Synthesized();

    // Act
    const allowed = [
      ...Object.values(made.resources('AWS::SQS::QueuePolicy')),
      ...Object.values(made.resources('AWS::SNS::TopicPolicy')),
    ]
      .flatMap(statements)
      .filter(({ Effect }) => Effect === 'Allow');

    // Assess
    expect(allowed).toHaveLength(1);
    expect(allowed).toMatchObject([
      {
        Effect: 'Allow',
        Action: 'sns:Publish',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Resource: made.resolve(made.service.alarmTopic.topicArn),
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]);
  });
});

describe("a key of one's own", () => {
  const made = new Synthesized((stack) => ({ durable: false, encryptionKey: new Key(stack, 'Key') }));
  const key = { 'Fn::GetAtt': [Object.keys(made.resources('AWS::KMS::Key'))[0], 'Arn'] };

  test.each([
    ['AWS::DynamoDB::Table', 'SSESpecification'],
    ['AWS::SecretsManager::Secret', 'KmsKeyId'],
    ['AWS::SQS::Queue', 'KmsMasterKeyId'],
    ['AWS::SNS::Topic', 'KmsMasterKeyId'],
    ['AWS::Logs::LogGroup', 'KmsKeyId'],
    ['AWS::Lambda::Function', 'KmsKeyArn'],
  ])('it encrypts every %s', (type, property) => {
    // Act
    const found = Object.values(made.resources(type)).map(({ Properties }) =>
      JSON.stringify(Properties[property]),
    );

    // Assess
    expect(found.length).toBeGreaterThan(0);
    for (const value of found) expect(value).toContain(JSON.stringify(key));
  });

  test('CloudWatch may use it for the logs and alarms of this AWS account, and for nothing else', () => {
    // Act
    const { Statement } = made.only('AWS::KMS::Key').Properties.KeyPolicy as { Statement: KeyStatement[] };
    const services = Statement.filter(({ Principal }) => 'Service' in Principal);

    // Assess
    expect(services).toHaveLength(2);
    for (const { Condition } of services) expect(JSON.stringify(Condition)).toContain('AWS::AccountId');
  });
});

interface KeyStatement {
  Principal: Record<string, unknown>;
  Condition?: unknown;
}

function statements({ Properties }: Resource): { Effect: string }[] {
  return (Properties.PolicyDocument as { Statement: { Effect: string }[] }).Statement;
}
