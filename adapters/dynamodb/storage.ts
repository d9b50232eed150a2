import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { type Item, type Key, type Plain, toAttributes, toItem } from './attributes.ts';
import type { StorageSettings } from './options.ts';
import { groupsOf, parallel } from './parallel.ts';
import { backoffMs, isConditionFailure, persist, unavailable } from './retry.ts';

/** Most writes that one BatchWriteItem takes. */
const BATCH_WRITE = 25;
/** Most keys that one BatchGetItem takes. */
const BATCH_GET = 100;

export interface Condition {
  expression: string;
  values?: { [name: string]: Plain };
  names?: Record<string, string>;
}

export interface QueryInput {
  pk: string;
  /** Sort keys from `from` to `to`, both included. */
  from: string;
  to: string;
  limit?: number;
  descending?: boolean;
  /** Go on behind this key. */
  after?: Key | undefined;
  /** Read only these attributes (the keys are always among them). */
  attributes?: readonly string[];
}

export type Write = { put: Item } | { remove: Key };

/** DynamoDB as the stores use it: consistent reads, retries until a deadline, plain items. */
export type Storage = ReturnType<typeof createStorage>;

const keyOf = ({ pk, sk }: Key): Key => ({ pk, sk });

/** Every sort key that begins with `prefix`: the bounds of a query. A bound can't be empty; ours begin above a space. */
export function startingWith(prefix: string): { from: string; to: string } {
  return { from: prefix || ' ', to: `${prefix}\u{10ffff}` };
}

export function createStorage({ client, tableName, clock, retryForMs, concurrency }: StorageSettings) {
  const TableName = tableName;
  const attempt = <T>(send: () => Promise<T>) => persist(clock, retryForMs, send);

  const conditionInput = (condition: Condition) => ({
    ConditionExpression: condition.expression,
    // DynamoDB refuses empty maps of names and values.
    ...(!isEmpty(condition.values) && { ExpressionAttributeValues: toAttributes(condition.values ?? {}) }),
    ...(!isEmpty(condition.names) && { ExpressionAttributeNames: condition.names }),
  });

  /** The item, or `undefined`. Always consistent. */
  async function get(key: Key): Promise<Item | undefined> {
    const command = new GetItemCommand({ TableName, Key: toAttributes(keyOf(key)), ConsistentRead: true });
    const { Item } = await attempt(() => client.send(command));
    return Item && toItem(Item);
  }

  /** Writes the item and answers the one it replaced. */
  async function put(item: Item): Promise<Item | undefined> {
    const command = new PutItemCommand({ TableName, Item: toAttributes(item), ReturnValues: 'ALL_OLD' });
    const { Attributes } = await attempt(() => client.send(command));
    return Attributes && toItem(Attributes);
  }

  /**
   * Writes the item if the condition holds; `false` when it does not. An answer that got lost makes a write
   * that succeeded look refused on the second try: callers tell their own item by what they wrote in it.
   */
  async function putIf(item: Item, condition: Condition): Promise<boolean> {
    const command = new PutItemCommand({ TableName, Item: toAttributes(item), ...conditionInput(condition) });
    return ifHolds(() => client.send(command));
  }

  async function removeIf(key: Key, condition: Condition): Promise<boolean> {
    const command = new DeleteItemCommand({
      TableName,
      Key: toAttributes(keyOf(key)),
      ...conditionInput(condition),
    });
    return ifHolds(() => client.send(command));
  }

  /** Sets and removes (`undefined`) attributes of an item if the condition holds; `false` when it does not. */
  async function update(
    key: Key,
    changes: { [name: string]: Plain | undefined },
    condition: Condition,
  ): Promise<boolean> {
    const names: Record<string, string> = { ...condition.names };
    const values: { [name: string]: Plain } = { ...condition.values };
    const sets: string[] = [];
    const removals: string[] = [];
    for (const [index, [name, value]] of Object.entries(changes).entries()) {
      names[`#c${index}`] = name;
      if (value === undefined) removals.push(`#c${index}`);
      else {
        values[`:c${index}`] = value;
        sets.push(`#c${index} = :c${index}`);
      }
    }
    const command = new UpdateItemCommand({
      TableName,
      Key: toAttributes(keyOf(key)),
      UpdateExpression: [
        ...(sets.length > 0 ? [`SET ${sets.join(', ')}`] : []),
        ...(removals.length > 0 ? [`REMOVE ${removals.join(', ')}`] : []),
      ].join(' '),
      ...conditionInput({ expression: condition.expression, values, names }),
    });
    return ifHolds(() => client.send(command));
  }

  async function ifHolds(send: () => Promise<unknown>): Promise<boolean> {
    try {
      await attempt(send);
      return true;
    } catch (error) {
      if (isConditionFailure(error)) return false;
      throw error;
    }
  }

  /** One page of a partition, in the order of the sort keys; `next` is where the following page begins. */
  async function queryPage(input: QueryInput): Promise<{ items: Item[]; next: Key | undefined }> {
    const names = Object.fromEntries((input.attributes ?? []).map((name, index) => [`#a${index}`, name]));
    const command = new QueryCommand({
      TableName,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: toAttributes({ ':pk': input.pk, ':from': input.from, ':to': input.to }),
      ConsistentRead: true,
      ScanIndexForward: !input.descending,
      ...(input.limit && { Limit: input.limit }),
      ...(input.after && { ExclusiveStartKey: toAttributes(keyOf(input.after)) }),
      ...(input.attributes && {
        ProjectionExpression: ['pk', 'sk', ...Object.keys(names)].join(', '),
        ...(input.attributes.length > 0 && { ExpressionAttributeNames: names }),
      }),
    });
    const answer = await attempt(() => client.send(command));
    return {
      items: (answer.Items ?? []).map(toItem),
      next: answer.LastEvaluatedKey && keyOf(toItem(answer.LastEvaluatedKey)),
    };
  }

  /** All pages of a query. */
  async function* queryPages(input: QueryInput): AsyncGenerator<Item[]> {
    let after: Key | undefined;
    do {
      const page = await queryPage({ ...input, after });
      if (page.items.length > 0) yield page.items;
      after = page.next;
    } while (after);
  }

  async function queryAll(input: QueryInput): Promise<Item[]> {
    const items: Item[] = [];
    for await (const page of queryPages(input)) items.push(...page);
    return items;
  }

  /** Keys of the items that a sparse index holds under `value`. Eventually consistent, as indexes are. */
  async function queryIndex(index: { name: string; partitionKey: string }, value: string): Promise<Key[]> {
    const keys: Key[] = [];
    let after: Record<string, AttributeValue> | undefined;
    do {
      const command = new QueryCommand({
        TableName,
        IndexName: index.name,
        KeyConditionExpression: '#pk = :pk',
        ExpressionAttributeNames: { '#pk': index.partitionKey },
        ExpressionAttributeValues: toAttributes({ ':pk': value }),
        ...(after && { ExclusiveStartKey: after }),
      });
      const answer = await attempt(() => client.send(command));
      for (const attributes of answer.Items ?? []) keys.push(keyOf(toItem(attributes)));
      after = answer.LastEvaluatedKey;
    } while (after);
    return keys;
  }

  /** The items that exist among these keys, in no order. Keys that DynamoDB puts off are asked for again. */
  async function batchGet(keys: readonly Key[]): Promise<Item[]> {
    const unique = [...new Map(keys.map((key) => [`${key.pk}\n${key.sk}`, keyOf(key)])).values()];
    const groups = await parallel(groupsOf(unique, BATCH_GET), concurrency, async (group) => {
      const items: Item[] = [];
      let pending: Record<string, AttributeValue>[] = group.map((key) => toAttributes(key));
      await whileLeft(async () => {
        const command = new BatchGetItemCommand({
          RequestItems: { [TableName]: { Keys: pending, ConsistentRead: true } },
        });
        const answer = await attempt(() => client.send(command));
        for (const attributes of answer.Responses?.[TableName] ?? []) items.push(toItem(attributes));
        const before = pending.length;
        pending = answer.UnprocessedKeys?.[TableName]?.Keys ?? [];
        return { left: pending.length, progress: pending.length < before };
      });
      return items;
    });
    return groups.flat();
  }

  /**
   * Writes in batches that run side by side. Of two writes to one key only the last is sent: DynamoDB refuses a
   * batch that names a key twice. Durable as a whole once it resolves; after an error some may have been written.
   */
  async function batchWrite(writes: readonly Write[]): Promise<void> {
    const unique = new Map<string, Write>();
    for (const write of writes) {
      const key = 'put' in write ? write.put : write.remove;
      unique.set(`${key.pk}\n${key.sk}`, write);
    }
    await parallel(groupsOf([...unique.values()], BATCH_WRITE), concurrency, async (group) => {
      let pending: WriteRequest[] = group.map(toWriteRequest);
      await whileLeft(async () => {
        const command = new BatchWriteItemCommand({ RequestItems: { [TableName]: pending } });
        const answer = await attempt(() => client.send(command));
        const before = pending.length;
        pending = answer.UnprocessedItems?.[TableName] ?? [];
        return { left: pending.length, progress: pending.length < before };
      });
    });
  }

  /** Repeats what a batch left over, pausing longer while nothing gets through, until the deadline. */
  async function whileLeft(send: () => Promise<{ left: number; progress: boolean }>): Promise<void> {
    let deadline = clock.monotonic() + retryForMs;
    for (let attempts = 1; ; attempts++) {
      const { left, progress } = await send();
      if (left === 0) return;
      if (progress) {
        deadline = clock.monotonic() + retryForMs;
        attempts = 1;
      }
      const pause = backoffMs(attempts);
      if (clock.monotonic() + pause >= deadline) throw unavailable();
      await clock.sleep(pause);
    }
  }

  return {
    get,
    put,
    putIf,
    removeIf,
    update,
    queryPage,
    queryPages,
    queryAll,
    queryIndex,
    batchGet,
    batchWrite,
    concurrency,
    clock,
  };
}

function isEmpty(map: object | undefined): boolean {
  return map === undefined || Object.keys(map).length === 0;
}

function toWriteRequest(write: Write): WriteRequest {
  return 'put' in write
    ? { PutRequest: { Item: toAttributes(write.put) } }
    : { DeleteRequest: { Key: toAttributes(keyOf(write.remove)) } };
}
