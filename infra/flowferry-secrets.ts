import { ArnFormat, type RemovalPolicy, SecretValue, Stack } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { Binding } from './binding.ts';

export interface FlowferrySecretsProps {
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey?: IKey | undefined;
}

/** What the secret with the digests of the API keys is called. The functions know this name. */
export const apiKeysSecretName = 'flowferry/api-keys';

/** What every account's secret is called, before the account's name. */
export const accountsPrefix = 'flowferry/accounts/';

/**
 * The key secret, and the right to read accounts. The key secret begins without keys, so that a fresh service lets
 * nobody in; since the template's value never changes, a deployment never overwrites the keys put there later.
 * Accounts' secrets are made by whoever runs the service, and no template knows them.
 */
export class FlowferrySecrets extends Construct {
  readonly apiKeys: Secret;
  readonly #key: IKey | undefined;

  constructor(scope: Construct, id: string, props: FlowferrySecretsProps) {
    super(scope, id);
    this.#key = props.encryptionKey;
    this.apiKeys = new Secret(this, 'ApiKeys', {
      secretName: apiKeysSecretName,
      description: 'Who may call flowferry: SHA-256 digests of keys, and the accounts each may name',
      // Not a secret: it holds no key yet.
      secretStringValue: SecretValue.unsafePlainText(JSON.stringify({ keys: [] })),
      removalPolicy: props.removalPolicy,
      ...(props.encryptionKey ? { encryptionKey: props.encryptionKey } : {}),
    });
    acknowledge(
      this.apiKeys,
      'AwsSolutions-SMG4',
      'Holds digests of keys that callers own. Only they can change a key, so nothing here can rotate it.',
    );
  }

  /** Reading the digests of the API keys. */
  readApiKeys(): Binding {
    const { apiKeys } = this;
    const key = this.#key;
    return {
      environment: {},
      grant(grantee) {
        Grant.addToPrincipal({
          grantee,
          actions: ['secretsmanager:GetSecretValue'],
          resourceArns: [apiKeys.secretArn],
        });
        key?.grantDecrypt(grantee);
      },
    };
  }

  /** Reading the tokens of accounts, whatever accounts there will be. */
  readAccounts(): Binding {
    const stack = Stack.of(this);
    const key = this.#key;
    return {
      environment: {},
      grant(grantee) {
        Grant.addToPrincipal({
          grantee,
          actions: ['secretsmanager:GetSecretValue'],
          resourceArns: [
            stack.formatArn({
              service: 'secretsmanager',
              resource: 'secret',
              arnFormat: ArnFormat.COLON_RESOURCE_NAME,
              resourceName: `${accountsPrefix}*`,
            }),
          ],
        });
        key?.grantDecrypt(grantee);
      },
      wildcards: [
        {
          finding: `Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:${accountsPrefix}*`,
          reason: 'Accounts are added while the service runs; their common prefix holds nothing else.',
        },
      ],
    };
  }

  /**
   * Listing which accounts there are. Secrets Manager ties neither action to a resource: the names and descriptions
   * of all secrets can be seen with it, but a secret's value still only with the right to read that secret.
   */
  listAccounts(): Binding {
    return {
      environment: {},
      grant(grantee) {
        const actions = ['secretsmanager:ListSecrets', 'secretsmanager:BatchGetSecretValue'];
        Grant.addToPrincipal({ grantee, actions, resourceArns: ['*'] });
      },
      wildcards: [
        {
          finding: 'Resource::*',
          reason: 'ListSecrets and BatchGetSecretValue know no resources to narrow them to.',
        },
      ],
    };
  }
}
