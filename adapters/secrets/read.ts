import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { FlowferryError } from '../../core/model/problem.ts';

function nameOf(error: unknown): string {
  return String(Reflect.get(Object(error), 'name') ?? 'unknown');
}

/** Whether a secret could not be created because there is one of that name. */
export function isTaken(error: unknown): boolean {
  return nameOf(error) === 'ResourceExistsException';
}

/** The error for a secret store that can't be reached or refuses us. The cause names no secret's content. */
export function secretsUnavailable(error: unknown): FlowferryError {
  return new FlowferryError(
    'secrets_unavailable',
    `The secrets can't be read or written: ${nameOf(error)}.`,
    {
      cause: error,
    },
  );
}

/** Whether there is no such secret, or none any more. */
export function isMissing(error: unknown): boolean {
  return nameOf(error) === 'ResourceNotFoundException' || isBeingDeleted(error);
}

/** Secrets Manager answers a read of a secret that is marked for deletion with an invalid request. */
function isBeingDeleted(error: unknown): boolean {
  return (
    nameOf(error) === 'InvalidRequestException' &&
    /deletion|deleted/.test(String(Reflect.get(Object(error), 'message')))
  );
}

/** A secret's text; `undefined` when there is none. Throws `secrets_unavailable`. */
export async function readSecret(
  client: SecretsManagerClient,
  secretId: string,
): Promise<string | undefined> {
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    return SecretString ?? '';
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw secretsUnavailable(error);
  }
}

/** The JSON of a secret; `undefined` where it is none. The parser's own message would quote the secret. */
export function parseSecret(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A JSON object's own members, or `undefined` where the value is no object. */
export function membersOf(value: unknown): Map<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return new Map(Object.entries(value));
}
