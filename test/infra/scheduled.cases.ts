import { describe, expect, test } from '@jest/globals';
import { EntryMissingError } from '../../infra/bundling.ts';
import { functionsFolder, Synthesized } from './synthesize.ts';

describe('the functions that a clock calls', () => {
  const made = new Synthesized();

  test.each(['sweeper', 'account-check'])('a service is not synthesized without the code of %s', (name) => {
    expect(() => new Synthesized({ functionsFolder: functionsFolder({ without: [name] }) })).toThrow(
      EntryMissingError,
    );
  });

  test.each([
    ['sweeper', 'rate(1 minute)'],
    ['account-check', 'rate(1 day)'],
  ])('%s is called at %s, and a call that failed is not repeated', (name, schedule) => {
    // Prepare
    const arn = JSON.stringify(made.resolve(made.function(name).function.functionArn));

    // Act
    const rules = Object.values(made.resources('AWS::Events::Rule')).filter(({ Properties }) =>
      JSON.stringify(Properties.Targets).includes(arn),
    );

    // Assess
    expect(rules).toHaveLength(1);
    expect(rules[0]?.Properties).toMatchObject({
      ScheduleExpression: schedule,
      State: 'ENABLED',
      Targets: [{ RetryPolicy: { MaximumRetryAttempts: 0 } }],
    });
    for (const { Properties } of Object.values(made.resources('AWS::Lambda::EventInvokeConfig'))) {
      expect(Properties.MaximumRetryAttempts).toBe(0);
    }
  });

  test('unfinished clones are found by their index, by the sweeper and by a worker that looks for others in its way', () => {
    // Prepare
    const index = made.resolve(`${made.service.table.table.tableArn}/index/unfinished`);

    // Act
    const seers = [...made.functions.keys()].filter((name) =>
      made
        .resourcesFor(name, 'dynamodb:Query')
        .some((resource) => JSON.stringify(resource) === JSON.stringify(index)),
    );

    // Assess
    expect(seers.sort()).toEqual(['sweeper', 'worker']);
  });

  test('the sweeper may start workers, the account check may not, and only it raises events', () => {
    expect(made.resourcesFor('sweeper', 'lambda:InvokeFunction')).toHaveLength(1);
    expect(made.resourcesFor('account-check', 'lambda:')).toEqual([]);
    expect(made.resourcesFor('sweeper', 'events:')).toEqual([]);
    expect(made.resourcesFor('account-check', 'events:PutEvents')).toHaveLength(1);
  });
});
