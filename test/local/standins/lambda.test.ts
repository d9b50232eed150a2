import { type DurableContext, withDurableExecution } from '@aws/durable-execution-sdk-js';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type LambdaStandin, startLambda } from '../../../local/standins/lambda.ts';
import { localClientConfig } from '../../../local/standins/server.ts';

let lambda: LambdaStandin;
let client: LambdaClient;
let troubles: unknown[];

beforeEach(async () => {
  troubles = [];
  lambda = await startLambda({ onTrouble: (_, error) => troubles.push(error) });
  client = new LambdaClient({ ...localClientConfig(lambda.endpoint), maxAttempts: 1 });
});

afterEach(async () => {
  client.destroy();
  await lambda.close();
});

async function invoke(FunctionName: string, payload: unknown, more: Partial<InvokeCommand['input']> = {}) {
  const answer = await client.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload), ...more }),
  );
  const text = Buffer.from(answer.Payload ?? []).toString('utf8');
  return { ...answer, result: text === '' ? undefined : (JSON.parse(text) as unknown) };
}

function registerDurable(
  name: string,
  handler: (event: { n: number }, context: DurableContext) => Promise<unknown>,
) {
  lambda.register(name, { kind: 'durable', handler: withDurableExecution(handler) });
}

describe('ordinary functions', () => {
  test('an invocation that waits gets the result, by name and by ARN', async () => {
    lambda.register('double', { kind: 'plain', handler: async (event) => ({ event }) });

    const byName = await invoke('double', { a: 1 });
    const byArn = await invoke('arn:aws:lambda:us-east-1:000000000000:function:double', { a: 2 });

    expect([byName.StatusCode, byName.result]).toEqual([200, { event: { a: 1 } }]);
    expect(byArn.result).toEqual({ event: { a: 2 } });
  });

  test('an invocation that does not wait is answered 202, and what it throws is told to the host', async () => {
    const called = Promise.withResolvers<unknown>();
    lambda.register('later', {
      kind: 'plain',
      handler: async (event) => {
        called.resolve(event);
        throw new Error('too late to answer');
      },
    });

    const answer = await invoke('later', { a: 1 }, { InvocationType: 'Event' });

    expect(answer.StatusCode).toBe(202);
    expect(await called.promise).toEqual({ a: 1 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(troubles).toHaveLength(1);
  });

  test('what a function throws is its error, not the call’s', async () => {
    lambda.register('broken', {
      kind: 'plain',
      handler: async () => {
        throw new Error('no');
      },
    });

    const answer = await invoke('broken', {});

    expect(answer.FunctionError).toBe('Unhandled');
    expect(answer.result).toMatchObject({ errorMessage: 'no' });
  });

  test('an unknown function is told as Lambda tells it', async () => {
    await expect(invoke('nobody', {})).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('durable functions', () => {
  const named = (DurableExecutionName: string) => ({ DurableExecutionName, Qualifier: 'live' });

  test('steps, retried steps and waits lead to the result', async () => {
    let tries = 0;
    registerDurable('worker', async ({ n }, context) => {
      const a = await context.step('a', async () => n + 1);
      const b = await context.step(
        'b',
        async () => {
          if (++tries < 3) throw new Error('not yet');
          return a * 10;
        },
        { retryStrategy: () => ({ shouldRetry: true, delay: { seconds: 1 } }) },
      );
      await context.wait('pause', { seconds: 1 });
      return { b, tries };
    });

    const answer = await invoke('worker', { n: 1 }, named('one'));

    expect(answer.result).toEqual({ b: 20, tries: 3 });
    expect(troubles).toEqual([]);
  });

  test('the same name with the same payload is the same execution, simultaneously and after its end', async () => {
    let runs = 0;
    registerDurable('worker', async ({ n }, context) => context.step('count', async () => n + ++runs));

    const both = await Promise.all([
      invoke('worker', { n: 1 }, named('one')),
      invoke('worker', { n: 1 }, named('one')),
    ]);
    const after = await invoke('worker', { n: 1 }, named('one'));
    const other = await invoke('worker', { n: 1 }, named('two'));

    expect([...both, after].map(({ result }) => result)).toEqual([2, 2, 2]);
    expect(new Set([...both, after].map(({ DurableExecutionArn }) => DurableExecutionArn)).size).toBe(1);
    expect(other.result).toBe(3);
  });

  test('another payload under a name that is taken is refused', async () => {
    registerDurable('worker', async ({ n }, context) => context.step('n', async () => n));
    await invoke('worker', { n: 1 }, named('one'));

    const refused = invoke('worker', { n: 2 }, named('one'));

    await expect(refused).rejects.toMatchObject({ name: 'DurableExecutionAlreadyStartedException' });
  });

  test('an execution that is started without waiting goes on by itself', async () => {
    const done = Promise.withResolvers<number>();
    registerDurable('worker', async ({ n }, context) => context.step('n', async () => done.resolve(n)));

    const answer = await invoke('worker', { n: 7 }, { ...named('one'), InvocationType: 'Event' });

    expect(answer.StatusCode).toBe(202);
    expect(answer.DurableExecutionArn).toContain('worker');
    expect(await done.promise).toBe(7);
  });

  test('an execution fails with what its function threw', async () => {
    registerDurable('worker', async () => {
      throw new Error('for good');
    });

    const answer = await invoke('worker', { n: 1 }, named('one'));

    expect(answer.FunctionError).toBe('Unhandled');
    expect(answer.result).toMatchObject({ errorMessage: 'for good' });
  });

  test('a durable function has no unqualified address, and its executions no odd names', async () => {
    registerDurable('worker', async () => 1);

    const unqualified = invoke('worker', { n: 1 }, { DurableExecutionName: 'one' });
    const odd = invoke('worker', { n: 1 }, named('../one'));

    await expect(unqualified).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
    await expect(odd).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  });
});
