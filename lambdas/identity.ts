/** By what API Gateway lets callers in, in the API key's place. */
export type Authorizer = { kind: 'iam' } | { kind: 'jwt'; claim: string };

/** A session of a role: the role's ARN, and the name that whoever took the role gave the session. */
const SESSION = /^(arn:[^:]+:sts::\d+:assumed-role\/[^/]+)\/[^/]+$/;

/**
 * The names under which a caller may be known that an authorizer found, the narrowest first: for IAM the caller's
 * ARN, then, for a session of a role, the same without the session; for a JWT the claim. None where it found nobody.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function identitiesOf(authorizer: Authorizer, found: unknown): string[] {
  if (authorizer.kind === 'jwt')
    return textOf(member(member(member(found, 'jwt'), 'claims'), authorizer.claim));
  const [arn] = textOf(member(member(found, 'iam'), 'userArn'));
  if (arn === undefined) return [];
  const role = SESSION.exec(arn)?.[1];
  return role === undefined ? [arn] : [arn, role];
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

function textOf(value: unknown): string[] {
  return typeof value === 'string' && value !== '' ? [value] : [];
}
