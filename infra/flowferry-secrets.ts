import { ArnFormat, type RemovalPolicy, SecretValue, Stack } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { Binding } from './binding.ts';
import { encryptionWildcards } from './encryption.ts';
import { environment } from './environment.ts';

export interface FlowferrySecretsProps {
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey?: IKey | undefined;
}

/** What the secret with the digests of the API keys is called. The functions know this name, and those below. */
export const apiKeysSecretName = 'flowferry/api-keys';

/** What the secret is called that callbacks are signed with. */
export const callbackSecretName = 'flowferry/callback-secret';

/** What every account's secret is called, before the account's name. */
export const accountsPrefix = 'flowferry/accounts/';

/** What every hook's secret is called, before the hook's name. */
export const hooksPrefix = 'flowferry/hooks/';

/**
 * The secrets of the service, and the rights over those that are made while it runs. The key secret begins without
 * keys, so that a fresh service lets nobody in; since the template's value never changes, a deployment never
 * overwrites the keys put there later. Accounts and hooks are made by whoever runs the service, and no template
 * knows them.
 */
export class FlowferrySecrets extends Construct {
  readonly apiKeys: Secret;
  readonly callbackSecret: Secret;
  readonly #key: IKey | undefined;

  constructor(scope: Construct, id: string, props: FlowferrySecretsProps) {
    super(scope, id);
    this.#key = props.encryptionKey;
    const kept = {
      removalPolicy: props.removalPolicy,
      ...(props.encryptionKey ? { encryptionKey: props.encryptionKey } : {}),
    };
    this.apiKeys = new Secret(this, 'ApiKeys', {
      ...kept,
      secretName: apiKeysSecretName,
      description: 'Who may call flowferry: SHA-256 digests of keys, and the accounts each may name',
      // Not a secret: it holds no key yet.
      secretStringValue: SecretValue.unsafePlainText(JSON.stringify({ keys: [] })),
    });
    acknowledge(
      this.apiKeys,
      'AwsSolutions-SMG4',
      'Holds digests of keys that callers own. Only they can change a key, so nothing here can rotate it.',
    );
    this.callbackSecret = new Secret(this, 'CallbackSecret', {
      ...kept,
      secretName: callbackSecretName,
      description: 'What flowferry signs callbacks with, by the Standard Webhooks scheme',
      // 44 letters and digits are base64 of 33 bytes, as the scheme wants its keys: 24 to 64 bytes.
      generateSecretString: { excludePunctuation: true, passwordLength: 44 },
    });
    acknowledge(
      this.callbackSecret,
      'AwsSolutions-SMG4',
      'Receivers hold the same secret: it can only change when they do.',
    );
  }

  /** Reading the digests of the API keys. */
  readApiKeys(): Binding {
    return this.#readOne(this.apiKeys);
  }

  /** Reading what callbacks are signed with. */
  readCallbackSecret(): Binding {
    return this.#readOne(this.callbackSecret);
  }

  /** Reading the tokens of accounts, whatever accounts there will be. */
  readAccounts(): Binding {
    return this.#below(accountsPrefix, ['GetSecretValue'], 'Accounts are added while the service runs');
  }

  /** Storing and deleting accounts. Which there are, the table knows: nothing needs to list secrets. */
  writeAccounts(): Binding {
    const actions = ['CreateSecret', 'PutSecretValue', 'DeleteSecret'];
    const binding = this.#below(accountsPrefix, actions, 'Accounts are added while the service runs');
    const key = this.#key;
    if (!key) return binding;
    return {
      environment: { [environment.encryptionKey]: key.keyArn },
      grant(grantee) {
        binding.grant(grantee);
        key.grantEncryptDecrypt(grantee);
      },
      wildcards: [...(binding.wildcards ?? []), ...encryptionWildcards],
    };
  }

  /** Reading hooks, whatever hooks there will be. */
  readHooks(): Binding {
    return this.#below(hooksPrefix, ['GetSecretValue'], 'Hooks are added while the service runs');
  }

  #readOne(secret: Secret): Binding {
    const key = this.#key;
    const resourceArns = [secret.secretArn];
    return {
      environment: {},
      grant(grantee) {
        Grant.addToPrincipal({ grantee, actions: ['secretsmanager:GetSecretValue'], resourceArns });
        key?.grantDecrypt(grantee);
      },
    };
  }

  /** Rights over all secrets whose names begin alike. */
  #below(prefix: string, actions: readonly string[], why: string): Binding {
    const key = this.#key;
    const resource = Stack.of(this).formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      resourceName: `${prefix}*`,
    });
    return {
      environment: {},
      grant(grantee) {
        Grant.addToPrincipal({
          grantee,
          actions: actions.map((action) => `secretsmanager:${action}`),
          resourceArns: [resource],
        });
        key?.grantDecrypt(grantee);
      },
      wildcards: [
        {
          finding: `Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:${prefix}*`,
          reason: `${why}; their common prefix holds nothing else.`,
        },
      ],
    };
  }
}
