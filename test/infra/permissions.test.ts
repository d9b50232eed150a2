import { describe, expect, test } from '@jest/globals';
import { Synthesized } from './synthesize.ts';

const accountSecrets = {
  'Fn::Join': [
    '',
    [
      'arn:',
      { Ref: 'AWS::Partition' },
      ':secretsmanager:',
      { Ref: 'AWS::Region' },
      ':',
      { Ref: 'AWS::AccountId' },
      ':secret:flowferry/accounts/*',
    ],
  ],
};

describe('what each function may do', () => {
  const made = new Synthesized();
  const apiKeys = made.resolve(made.service.secrets.apiKeys.secretArn);
  const table = made.resolve(made.service.table.table.tableArn);

  test.each([
    ['clone', [accountSecrets, apiKeys]],
    ['clones', [apiKeys]],
    ['accounts', [accountSecrets, apiKeys]],
    ['meta', []],
    ['worker', [accountSecrets]],
  ])('%s reads only the secrets it needs', (name, expected) => {
    // Act
    const secrets = made.resourcesFor(name, 'secretsmanager:GetSecretValue');

    // Assess
    expect(secrets).toHaveLength(expected.length);
    expect(secrets).toEqual(expect.arrayContaining(expected));
  });

  test('secrets can be read, and nothing else can be done with them', () => {
    // Act
    const actions = [...made.functions.keys()]
      .flatMap((name) => made.rights(name))
      .flatMap((right) => right.actions)
      .filter((action) => action.startsWith('secretsmanager:'));

    // Assess
    expect(new Set(actions)).toEqual(
      new Set([
        'secretsmanager:GetSecretValue',
        'secretsmanager:ListSecrets',
        'secretsmanager:BatchGetSecretValue',
      ]),
    );
  });

  test('only the function that lists accounts may list secrets', () => {
    // Act
    const listers = [...made.functions.keys()].filter(
      (name) => made.resourcesFor(name, 'secretsmanager:ListSecrets').length > 0,
    );

    // Assess
    expect(listers).toEqual(['accounts']);
  });

  test.each([
    ['clone', [table]],
    ['clones', [table]],
    ['accounts', []],
    ['meta', []],
    ['worker', [table]],
  ])('%s reaches only the table it needs', (name, expected) => {
    // Act and assess
    expect(made.resourcesFor(name, 'dynamodb:')).toEqual(expected);
  });

  test('no function can scan, make, change or delete a table', () => {
    // Act
    const actions = [...made.functions.keys()]
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
    const invokers = [...made.functions.keys()].filter(
      (name) => made.resourcesFor(name, 'lambda:Invoke').length > 0,
    );
    const invoked = invokers.flatMap((name) => made.resourcesFor(name, 'lambda:Invoke'));

    // Assess
    expect(invokers.sort()).toEqual(['clone', 'clones', 'worker']);
    expect(invoked).toEqual(invokers.map(() => ({ Ref: alias })));
  });

  test('only the worker may keep checkpoints, and only those of its own executions', () => {
    // Prepare
    const own = made.resolve(`${made.function('worker').function.functionArn}:*`);

    // Act
    const keepers = [...made.functions.keys()].filter(
      (name) => made.resourcesFor(name, 'lambda:CheckpointDurableExecution').length > 0,
    );

    // Assess
    expect(keepers).toEqual(['worker']);
    expect(made.resourcesFor('worker', 'lambda:CheckpointDurableExecution')).toEqual([own]);
  });

  test('no function has a wildcard right but for account secrets, their list, its own executions and X-Ray', () => {
    // Prepare
    const executions = made.resolve(`${made.function('worker').function.functionArn}:*`);
    const allowed = [
      ['secretsmanager:GetSecretValue', accountSecrets],
      ['secretsmanager:BatchGetSecretValue', '*'],
      ['secretsmanager:ListSecrets', '*'],
      ['xray:PutTelemetryRecords', '*'],
      ['xray:PutTraceSegments', '*'],
      ['lambda:CheckpointDurableExecution', executions],
      ['lambda:GetDurableExecutionState', executions],
    ].map((right) => JSON.stringify(right));

    // Act
    const wildcards = [...made.functions.keys()]
      .flatMap((name) => made.rights(name))
      .flatMap(({ actions, resources }) =>
        actions.flatMap((action) => resources.map((resource) => JSON.stringify([action, resource]))),
      )
      .filter((right) => right.includes('*'));

    // Assess
    expect(new Set(wildcards)).toEqual(new Set(allowed));
  });

  test('every function has a role of its own, without managed policies, that only Lambda can take', () => {
    // Act
    const roles = Object.values(made.resources('AWS::IAM::Role')).map(({ Properties }) => Properties);
    const taken = [...made.functions.keys()].map((name) => JSON.stringify(made.properties(name).Role));

    // Assess
    expect(roles).toHaveLength(made.functions.size);
    expect(new Set(taken).size).toBe(made.functions.size);
    for (const role of roles) {
      expect(role).not.toHaveProperty('ManagedPolicyArns');
      expect(role.AssumeRolePolicyDocument).toMatchObject({
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } }],
      });
    }
  });

  test('every function writes to its own log group', () => {
    for (const [name, fn] of made.functions) {
      expect(made.resourcesFor(name, 'logs:')).toEqual([made.resolve(fn.logGroup.logGroupArn)]);
    }
  });
});
