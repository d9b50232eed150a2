import { describe, expect, test } from '@jest/globals';
import { Synthesized } from './synthesize.ts';

const secretsBelow = (prefix: string) => ({
  'Fn::Join': [
    '',
    [
      'arn:',
      { Ref: 'AWS::Partition' },
      ':secretsmanager:',
      { Ref: 'AWS::Region' },
      ':',
      { Ref: 'AWS::AccountId' },
      `:secret:flowferry/${prefix}/*`,
    ],
  ],
});
const accountSecrets = secretsBelow('accounts');
const hookSecrets = secretsBelow('hooks');

describe('what each function may do', () => {
  const made = new Synthesized();
  const apiKeys = made.resolve(made.service.secrets.apiKeys.secretArn);
  const callbackSecret = made.resolve(made.service.secrets.callbackSecret.secretArn);
  const table = made.resolve(made.service.table.table.tableArn);
  const unfinished = made.resolve(`${made.service.table.table.tableArn}/index/unfinished`);
  const names = [...made.functions.keys()];

  test.each([
    ['clone', [accountSecrets, apiKeys]],
    ['clones', [apiKeys]],
    ['accounts', [accountSecrets, apiKeys]],
    ['meta', []],
    ['webhooks', [hookSecrets]],
    ['syncs', [accountSecrets, apiKeys]],
    ['sync-schedule', []],
    ['sweeper', [accountSecrets]],
    ['account-check', [accountSecrets]],
    ['worker', [accountSecrets, callbackSecret]],
  ])('%s reads only the secrets it needs', (name, expected) => {
    // Act
    const secrets = made.resourcesFor(name, 'secretsmanager:GetSecretValue');

    // Assess
    expect(secrets).toHaveLength(expected.length);
    expect(secrets).toEqual(expect.arrayContaining(expected));
  });

  test('only the function of the accounts may make, change and delete secrets, and only those of accounts', () => {
    for (const action of ['CreateSecret', 'PutSecretValue', 'DeleteSecret']) {
      const writers = names.filter((name) => made.resourcesFor(name, `secretsmanager:${action}`).length > 0);
      expect(writers).toEqual(['accounts']);
      expect(made.resourcesFor('accounts', `secretsmanager:${action}`)).toEqual([accountSecrets]);
    }
  });

  test('nothing else can be done with secrets: none can be listed, shared or described', () => {
    // Act
    const actions = names
      .flatMap((name) => made.rights(name))
      .flatMap((right) => right.actions)
      .filter((action) => action.startsWith('secretsmanager:'));

    // Assess
    expect(new Set(actions)).toEqual(
      new Set([
        'secretsmanager:GetSecretValue',
        'secretsmanager:CreateSecret',
        'secretsmanager:PutSecretValue',
        'secretsmanager:DeleteSecret',
      ]),
    );
  });

  test.each([
    ['clone', [table]],
    ['clones', [table]],
    ['accounts', [table]],
    ['webhooks', [table]],
    ['syncs', [table]],
    ['sync-schedule', [table]],
    ['meta', []],
    ['sweeper', [table, unfinished]],
    ['account-check', [table]],
    ['worker', [table, unfinished]],
  ])('%s reaches only the table it needs', (name, expected) => {
    // Act and assess
    expect(made.resourcesFor(name, 'dynamodb:')).toEqual(expected);
  });

  test('no function can scan, make, change or delete a table', () => {
    // Act
    const actions = names
      .flatMap((name) => made.rights(name))
      .flatMap((right) => right.actions)
      .filter((action) => action.startsWith('dynamodb:'));

    // Assess
    expect(new Set(actions)).toEqual(
      new Set([
        'dynamodb:BatchGetItem',
        'dynamodb:BatchWriteItem',
        'dynamodb:DeleteItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:UpdateItem',
      ]),
    );
  });

  test('the functions that start work may invoke the alias of the worker, and no other function may', () => {
    // Prepare
    const [alias] = Object.keys(made.resources('AWS::Lambda::Alias'));

    // Act
    const invokers = names.filter((name) => made.resourcesFor(name, 'lambda:Invoke').length > 0);
    const invoked = invokers.flatMap((name) => made.resourcesFor(name, 'lambda:Invoke'));

    // Assess
    expect(invokers.sort()).toEqual([
      'accounts',
      'clone',
      'clones',
      'sweeper',
      'sync-schedule',
      'syncs',
      'webhooks',
      'worker',
    ]);
    expect(invoked).toEqual(invokers.map(() => ({ Ref: alias })));
  });

  test('only the worker may keep checkpoints, and only those of its own executions', () => {
    // Prepare
    const own = made.resolve(`${made.function('worker').function.functionArn}:*`);

    // Act
    const keepers = names.filter(
      (name) => made.resourcesFor(name, 'lambda:CheckpointDurableExecution').length > 0,
    );

    // Assess
    expect(keepers).toEqual(['worker']);
    expect(made.resourcesFor('worker', 'lambda:CheckpointDurableExecution')).toEqual([own]);
  });

  test('only the function of the syncs makes schedules, in their own group, with the one role they call as', () => {
    // Prepare
    const { group, role } = made.service.schedules;

    // Act
    const writers = names.filter((name) => made.resourcesFor(name, 'scheduler:').length > 0);
    const passers = names.filter((name) => made.resourcesFor(name, 'iam:').length > 0);

    // Assess
    expect(writers).toEqual(['syncs']);
    expect(passers).toEqual(['syncs']);
    expect(JSON.stringify(made.resourcesFor('syncs', 'scheduler:'))).toContain(
      JSON.stringify(made.resolve(group.ref)),
    );
    expect(made.resourcesFor('syncs', 'iam:PassRole')).toEqual([made.resolve(role.roleArn)]);
  });

  test('no function has a wildcard right but for secrets and schedules below a prefix, its own executions and X-Ray', () => {
    // Prepare
    const executions = made.resolve(`${made.function('worker').function.functionArn}:*`);
    const [schedules] = made.resourcesFor('syncs', 'scheduler:');
    const allowed = [
      ['secretsmanager:GetSecretValue', accountSecrets],
      ['secretsmanager:GetSecretValue', hookSecrets],
      ['secretsmanager:CreateSecret', accountSecrets],
      ['secretsmanager:PutSecretValue', accountSecrets],
      ['secretsmanager:DeleteSecret', accountSecrets],
      ['xray:PutTelemetryRecords', '*'],
      ['xray:PutTraceSegments', '*'],
      ['lambda:CheckpointDurableExecution', executions],
      ['lambda:GetDurableExecutionState', executions],
      ['scheduler:CreateSchedule', schedules],
      ['scheduler:DeleteSchedule', schedules],
      ['scheduler:UpdateSchedule', schedules],
    ].map((right) => JSON.stringify(right));

    // Act
    const wildcards = names
      .flatMap((name) => made.rights(name))
      .flatMap(({ actions, resources }) =>
        actions.flatMap((action) => resources.map((resource) => JSON.stringify([action, resource]))),
      )
      .filter((right) => right.includes('*'));

    // Assess
    expect(new Set(wildcards)).toEqual(new Set(allowed));
  });

  test('only the worker and the account check raise events, on the default bus, and only as flowferry', () => {
    // Act
    const raisers = names.filter((name) => made.resourcesFor(name, 'events:').length > 0);
    const statements = Object.values(made.resources('AWS::IAM::Policy'))
      .flatMap(({ Properties }) => (Properties.PolicyDocument as { Statement: Statement[] }).Statement)
      .filter(({ Action }) => Action === 'events:PutEvents');

    // Assess
    expect(raisers.sort()).toEqual(['account-check', 'worker']);
    expect(statements).toHaveLength(raisers.length);
    for (const { Resource, Condition } of statements) {
      expect(JSON.stringify(Resource)).toContain(':event-bus/default');
      expect(Condition).toEqual({ StringEquals: { 'events:source': 'flowferry' } });
    }
  });

  test('only functions whose events can fail for good put dead letters, and nobody takes or deletes any', () => {
    // Prepare
    const queue = made.resolve(made.service.worker.deadLetters.queueArn);

    // Act
    const rights = names.flatMap((name) => made.rights(name).map((right) => ({ name, ...right })));
    const onQueues = rights.filter(({ actions }) => actions.some((action) => action.startsWith('sqs:')));

    // Assess
    expect(new Set(onQueues.map(({ name }) => name))).toEqual(new Set(['sync-schedule', 'worker']));
    for (const { actions, resources } of onQueues) {
      expect(actions).toEqual(['sqs:SendMessage']);
      expect(resources).toEqual([queue]);
    }
  });

  test('every function has a role of its own, without managed policies, that only Lambda can take', () => {
    // Act
    const taken = names.map((name) => JSON.stringify(made.properties(name).Role));
    const roles = Object.entries(made.resources('AWS::IAM::Role'));
    const ofFunctions = roles.filter(([id]) => taken.some((role) => role.includes(`"${id}"`)));

    // Assess
    expect(new Set(taken).size).toBe(made.functions.size);
    expect(ofFunctions).toHaveLength(made.functions.size);
    for (const [, { Properties }] of ofFunctions) {
      expect(Properties).not.toHaveProperty('ManagedPolicyArns');
      expect(Properties.AssumeRolePolicyDocument).toMatchObject({
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } }],
      });
    }
  });

  test('one more role is there: that of the schedules, which only those of the group can take', () => {
    // Prepare
    const { role, group } = made.service.schedules;
    const taken = new Set(names.map((name) => JSON.stringify(made.properties(name).Role)));

    // Act
    const roles = Object.values(made.resources('AWS::IAM::Role'));
    const ofScheduler = roles.filter((each) => JSON.stringify(each).includes('scheduler.amazonaws.com'));

    // Assess
    expect(roles).toHaveLength(taken.size + 1);
    expect(ofScheduler).toHaveLength(1);
    expect(ofScheduler[0]?.Properties).not.toHaveProperty('ManagedPolicyArns');
    expect(ofScheduler[0]?.Properties.AssumeRolePolicyDocument).toMatchObject({
      Statement: [
        {
          Condition: {
            StringEquals: {
              'aws:SourceAccount': { Ref: 'AWS::AccountId' },
              'aws:SourceArn': made.resolve(group.attrArn),
            },
          },
        },
      ],
    });
    expect(made.rightsOf(role)).toEqual([
      {
        actions: ['lambda:InvokeFunction'],
        resources: [made.resolve(made.function('sync-schedule').function.functionArn)],
      },
      { actions: ['sqs:SendMessage'], resources: [made.resolve(made.service.worker.deadLetters.queueArn)] },
    ]);
  });

  test('every function writes to its own log group', () => {
    for (const [name, fn] of made.functions) {
      expect(made.resourcesFor(name, 'logs:')).toEqual([made.resolve(fn.logGroup.logGroupArn)]);
    }
  });
});

interface Statement {
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
}
