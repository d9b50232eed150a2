import { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { tableDefinition } from '../adapters/dynamodb/table.ts';
import type { Binding } from './binding.ts';
import { encryptionWildcards } from './encryption.ts';
import { environment } from './environment.ts';

export interface FlowferryTableProps {
  /** `RETAIN` also protects the table from being deleted by hand. */
  readonly removalPolicy: RemovalPolicy.RETAIN | RemovalPolicy.DESTROY;
  readonly encryptionKey?: IKey | undefined;
}

const reads = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
const writes = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem'];

/** The one table: clones, ledger, leases and idempotency keys, as the stores that use it define it. */
export class FlowferryTable extends Construct {
  readonly table: dynamodb.Table;

  constructor(scope: Construct, id: string, props: FlowferryTableProps) {
    super(scope, id);
    const { partitionKey, sortKey, timeToLiveAttribute, index } = tableDefinition;
    const text = (name: string) => ({ name, type: dynamodb.AttributeType.STRING });
    this.table = new dynamodb.Table(this, 'Table', {
      partitionKey: text(partitionKey),
      sortKey: text(sortKey),
      timeToLiveAttribute,
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: props.removalPolicy === RemovalPolicy.RETAIN,
      removalPolicy: props.removalPolicy,
      ...(props.encryptionKey
        ? { encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED, encryptionKey: props.encryptionKey }
        : { encryption: dynamodb.TableEncryption.AWS_MANAGED }),
    });
    this.table.addGlobalSecondaryIndex({
      indexName: index.name,
      partitionKey: text(index.partitionKey),
      sortKey: text(index.sortKey),
      projectionType: dynamodb.ProjectionType[index.projection],
    });
  }

  /** Reading and writing items by their keys: no scan, no index, no stream, nothing that touches the table itself. */
  readWrite(): Binding {
    const { table } = this;
    return {
      environment: { [environment.table]: table.tableName },
      grant(grantee) {
        Grant.addToPrincipal({ grantee, actions: [...reads, ...writes], resourceArns: [table.tableArn] });
        table.encryptionKey?.grantEncryptDecrypt(grantee);
      },
      wildcards: table.encryptionKey ? encryptionWildcards : [],
    };
  }

  /** Finding unfinished clones by the index. It is named: CDK's own grants would allow `index/*`. */
  queryUnfinished(): Binding {
    const { table } = this;
    const resourceArns = [`${table.tableArn}/index/${tableDefinition.index.name}`];
    return {
      environment: { [environment.table]: table.tableName },
      grant(grantee) {
        Grant.addToPrincipal({ grantee, actions: ['dynamodb:Query'], resourceArns });
        table.encryptionKey?.grantDecrypt(grantee);
      },
    };
  }
}
