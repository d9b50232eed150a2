import { describe, expect, test } from '@jest/globals';
import { functionsFolder, Synthesized } from './synthesize.ts';

describe('the sweeper', () => {
  const made = new Synthesized({ functionsFolder: functionsFolder({ and: ['sweeper'] }) });

  test('it is not deployed as long as it has no code', () => {
    // Act
    const without = new Synthesized({ functionsFolder: functionsFolder() });

    // Assess
    expect(without.service.sweeper).toBeUndefined();
    without.template.resourceCountIs('AWS::Events::Rule', 0);
  });

  test('it looks every five minutes, and what failed is not repeated', () => {
    expect(made.only('AWS::Events::Rule').Properties).toMatchObject({
      ScheduleExpression: 'rate(5 minutes)',
      State: 'ENABLED',
      Targets: [
        {
          Arn: made.resolve(made.function('sweeper').function.functionArn),
          RetryPolicy: { MaximumRetryAttempts: 0 },
        },
      ],
    });
    expect(made.only('AWS::Lambda::EventInvokeConfig').Properties.MaximumRetryAttempts).toBe(0);
  });

  test('it finds unfinished clones by their index, and no other function can', () => {
    // Prepare
    const index = made.resolve(`${made.service.table.table.tableArn}/index/unfinished`);

    // Act
    const seers = [...made.functions.keys()].filter((name) =>
      made
        .resourcesFor(name, 'dynamodb:Query')
        .some((resource) => JSON.stringify(resource) === JSON.stringify(index)),
    );

    // Assess
    expect(seers).toEqual(['sweeper']);
  });

  test('it may start workers, and reads no secret', () => {
    expect(made.resourcesFor('sweeper', 'lambda:InvokeFunction')).toHaveLength(1);
    expect(made.resourcesFor('sweeper', 'secretsmanager:')).toEqual([]);
  });
});
