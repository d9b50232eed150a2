import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, test } from '@jest/globals';
import { checkStorageOptions } from '../../../adapters/dynamodb/options.ts';
import { createStorage, type Storage, type Write } from '../../../adapters/dynamodb/storage.ts';
import type { Standin } from '../../../local/standins/server.ts';
import { clientFor, manualClock } from '../helpers.ts';
import { type Answer, type Call, errorAnswer, startScripted } from './scripted-server.ts';

let server: Standin;
let client: DynamoDBClient;

afterEach(async () => {
  client.destroy();
  await server.close();
});

async function open(answer: (call: Call) => Answer): Promise<Storage> {
  server = await startScripted(answer);
  client = clientFor(server.endpoint);
  return createStorage(checkStorageOptions({ client, tableName: 'table', clock: manualClock() }));
}

interface Requested {
  RequestItems: { table: { PutRequest: { Item: { sk: { S: string } } } }[] };
}
const itemsOf = ({ input }: Call) => (input as unknown as Requested).RequestItems.table;
const keyOf = (entry: { PutRequest: { Item: { sk: { S: string } } } }) => entry.PutRequest.Item.sk.S;
const puts = (count: number): Write[] =>
  Array.from({ length: count }, (_, n) => ({ put: { pk: 'p', sk: `s${n}` } }));

describe('writing in batches', () => {
  test('items that DynamoDB leaves unprocessed are sent again until it took all', async () => {
    const taken: string[] = [];
    const storage = await open((call) => {
      const items = itemsOf(call);
      // Takes a third of what it is sent, rounded up.
      const some = Math.ceil(items.length / 3);
      taken.push(...items.slice(0, some).map(keyOf));
      const left = items.slice(some);
      return { status: 200, body: { UnprocessedItems: left.length > 0 ? { table: left } : {} } };
    });

    await storage.batchWrite(puts(60));

    expect(taken.sort()).toEqual(
      puts(60)
        .map((write) => ('put' in write ? write.put.sk : ''))
        .sort(),
    );
  });

  test('when nothing is taken any more it ends with an error of its own', async () => {
    let calls = 0;
    const storage = await open((call) => {
      calls++;
      return { status: 200, body: { UnprocessedItems: { table: itemsOf(call) } } };
    });

    const writing = storage.batchWrite(puts(3));

    await expect(writing).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(calls).toBeGreaterThan(5);
  });

  test('a batch has at most 25 writes and never the same key twice; the last write of a key counts', async () => {
    const batches: { sk: string; value: unknown }[][] = [];
    const storage = await open((call) => {
      batches.push(
        itemsOf(call).map((entry) => ({ sk: keyOf(entry), value: Reflect.get(entry.PutRequest.Item, 'n') })),
      );
      return { status: 200, body: { UnprocessedItems: {} } };
    });
    const twice: Write[] = [1, 2].flatMap((n) =>
      Array.from({ length: 30 }, (_, index) => ({ put: { pk: 'p', sk: `s${index}`, n } })),
    );

    await storage.batchWrite(twice);

    expect(batches.map((batch) => batch.length).sort()).toEqual([25, 5]);
    expect(new Set(batches.flat().map(({ sk }) => sk)).size).toBe(30);
    expect(batches.flat().every(({ value }) => JSON.stringify(value) === '{"N":"2"}')).toBe(true);
  });
});

test('keys that DynamoDB puts off are asked for again', async () => {
  let calls = 0;
  const storage = await open(({ input }) => {
    const { Keys } = (input as { RequestItems: { table: { Keys: object[] } } }).RequestItems.table;
    const later = Keys.slice(1);
    calls++;
    return {
      status: 200,
      body: {
        Responses: { table: Keys.slice(0, 1) },
        UnprocessedKeys: later.length > 0 ? { table: { Keys: later } } : {},
      },
    };
  });

  const items = await storage.batchGet(['a', 'b', 'c', 'a'].map((sk) => ({ pk: 'p', sk })));

  expect(items.map(({ sk }) => sk)).toEqual(['a', 'b', 'c']);
  expect(calls).toBe(3);
});

describe('what passes and what does not', () => {
  const passing: [string, Answer][] = [
    ['a throttled partition', errorAnswer('ProvisionedThroughputExceededException')],
    ['a throttled account', errorAnswer('ThrottlingException')],
    ['a server error', errorAnswer('InternalServerError', 500)],
    ['a server error without a name', { status: 503, body: {} }],
    ['a cut connection', 'cut'],
  ];

  test.each(passing)('%s is tried again', async (_, trouble) => {
    let calls = 0;
    const storage = await open(() =>
      ++calls < 4 ? trouble : { status: 200, body: { Item: { pk: { S: 'p' } } } },
    );

    const item = await storage.get({ pk: 'p', sk: 's' });

    expect(item).toMatchObject({ pk: 'p' });
    expect(calls).toBe(4);
  });

  test.each(passing)('%s that does not pass is an error of its own', async (_, trouble) => {
    const storage = await open(() => trouble);

    await expect(storage.get({ pk: 'p', sk: 's' })).rejects.toMatchObject({ code: 'storage_unavailable' });
  });

  test('a request that is wrong is not repeated', async () => {
    let calls = 0;
    const storage = await open(() => {
      calls++;
      return errorAnswer('ValidationException');
    });

    await expect(storage.get({ pk: 'p', sk: 's' })).rejects.toMatchObject({ name: 'ValidationException' });
    expect(calls).toBe(1);
  });
});

test('a misspelt option is an error', async () => {
  await open(() => errorAnswer('ValidationException'));
  const options = { client, tableName: 'table', clock: manualClock(), retryForMS: 1 };

  expect(() => checkStorageOptions(options)).toThrow(/retryForMS/);
});
