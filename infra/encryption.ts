import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Wildcard } from './binding.ts';

/** The wildcards in CDK's grant of encrypting and decrypting with a key. */
export const encryptionWildcards: readonly Wildcard[] = (
  ['kms:ReEncrypt*', 'kms:GenerateDataKey*'] as const
).map((action) => ({
  finding: `Action::${action}`,
  reason: 'The forms of one action, on one named key, that DynamoDB and SQS ask for.',
}));

/**
 * Lets CloudWatch use a key for this account's log groups, and for alarms to an encrypted topic. Other services
 * come to the key with the rights of whoever calls them. An imported key's policy stays as it is.
 */
export function openKeyToCloudWatch(scope: Construct, key: IKey): void {
  const { region, account, partition } = Stack.of(scope);
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      resources: ['*'],
      conditions: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*`,
        },
      },
    }),
  );
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    }),
  );
}
