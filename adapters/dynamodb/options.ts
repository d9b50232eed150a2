import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import type { Clock } from '../../core/ports.ts';

const isObject = (value: unknown) => typeof value === 'object' && value !== null;

/** What every store takes. The schemas are strict: a misspelt option is an error. */
export const storageOptions = {
  client: z.custom<DynamoDBClient>(isObject, 'must be a DynamoDBClient'),
  tableName: z.string().check(z.minLength(1)),
  clock: z.custom<Clock>(isObject, 'must be a Clock'),
  /** How long one operation is repeated while DynamoDB throttles it or can't be reached, in ms. */
  retryForMs: z._default(z.number().check(z.gte(0)), 30_000),
  /** Requests that one operation has under way at the same time. */
  concurrency: z._default(z.int().check(z.gte(1)), 8),
};

const schema = z.strictObject(storageOptions);
/** Options of a store that needs nothing but the table. */
export type StorageOptions = z.input<typeof schema>;
/** The same with every default filled in. */
export type StorageSettings = z.output<typeof schema>;

export function checkStorageOptions(options: StorageOptions): StorageSettings {
  return schema.parse(options);
}
