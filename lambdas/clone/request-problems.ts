import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { callbackUrlProblem } from '../../adapters/callbacks/target.ts';
import type { Problem } from '../../core/model/problem.ts';
import type { CloneRequest } from '../../core/model/request.ts';
import type { ServiceSettings } from '../ports.ts';

/** The contract's idempotency key: 1 to 128 printable ASCII characters. */
const IDEMPOTENCY_KEY = /^[\x20-\x7e]{1,128}$/;

/** What is wrong with a clone request besides what its schema finds. `request` is absent where the schema refused it. */
export function requestProblems(
  event: APIGatewayProxyEventV2,
  request: CloneRequest | undefined,
  settings: Pick<ServiceSettings, 'callbacks' | 'allowLoopbackHttp'>,
): Problem[] {
  const problems: Problem[] = [];
  const key = event.headers['idempotency-key'];
  if (key !== undefined && !IDEMPOTENCY_KEY.test(key)) {
    problems.push(wrong('/headers/idempotency-key', 'must be 1 to 128 printable ASCII characters'));
  }
  if (request?.callbackUrl !== undefined) {
    const message = callbackProblem(request.callbackUrl, settings);
    if (message !== undefined) problems.push(wrong('/callbackUrl', message));
  }
  return problems;
}

/** What is wrong with a callback's address, as far as it can be told without resolving its name. */
export function callbackProblem(
  address: string,
  { callbacks, allowLoopbackHttp }: Pick<ServiceSettings, 'callbacks' | 'allowLoopbackHttp'>,
): string | undefined {
  return (
    callbackUrlProblem(address, { allowLoopbackHttp }) ??
    (callbacks ? undefined : 'is not served by this installation')
  );
}

function wrong(path: string, message: string): Problem {
  return { code: 'invalid_request', message, path };
}
