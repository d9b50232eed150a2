/**
 * The one table, as data: the infrastructure deploys it, the local run creates it, and the stores rely on it.
 *
 * `pk` and `sk` are strings whose first part names the kind of item. `expiresAt` (epoch seconds) is the time to
 * live; the stores also honour it themselves, since DynamoDB may delete an item days after it expired.
 * The index holds a clone's record for as long as the clone is unfinished, and nothing else: it is sparse and small.
 */
export const tableDefinition = {
  partitionKey: 'pk',
  sortKey: 'sk',
  timeToLiveAttribute: 'expiresAt',
  index: { name: 'unfinished', partitionKey: 'upk', sortKey: 'usk', projection: 'KEYS_ONLY' },
  billingMode: 'PAY_PER_REQUEST',
} as const;

/** `tableDefinition` as the input of DynamoDB's CreateTable, for tables that no template makes. */
export function createTableInput(tableName: string) {
  const { partitionKey, sortKey, index, billingMode } = tableDefinition;
  return {
    TableName: tableName,
    BillingMode: billingMode,
    AttributeDefinitions: [partitionKey, sortKey, index.partitionKey, index.sortKey].map((name) => ({
      AttributeName: name,
      AttributeType: 'S' as const,
    })),
    KeySchema: [
      { AttributeName: partitionKey, KeyType: 'HASH' as const },
      { AttributeName: sortKey, KeyType: 'RANGE' as const },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: index.name,
        KeySchema: [
          { AttributeName: index.partitionKey, KeyType: 'HASH' as const },
          { AttributeName: index.sortKey, KeyType: 'RANGE' as const },
        ],
        Projection: { ProjectionType: index.projection },
      },
    ],
  };
}
