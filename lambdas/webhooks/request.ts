import { type Hook, mapPayload } from '../../adapters/webhooks/index.ts';
import type { Problem } from '../../core/model/problem.ts';
import { type CloneRequest, cloneRequest } from '../../core/model/request.ts';
import type { JsonObject } from '../../core/model/resource.ts';
import { callbackProblem } from '../clone/request-problems.ts';
import { fieldProblems } from '../http/fields.ts';
import { hostileMembers } from '../http/json-body.ts';
import { ProblemError } from '../http/problem.ts';
import type { ServiceSettings } from '../ports.ts';

type Settings = Pick<ServiceSettings, 'callbacks' | 'allowLoopbackHttp'>;

/**
 * The clone that a payload asks for, held against the same schema as any other request. Every field that is wrong
 * is told, by its place in the request.
 *
 * @throws {ProblemError} `invalid_request`
 */
export function requestOf(hook: Hook, payload: JsonObject, settings: Settings): CloneRequest {
  const { value, missing } = mapPayload(hook.request as JsonObject, payload);
  const problems: Problem[] = hostileMembers(value);
  const parsed = problems.length > 0 ? undefined : cloneRequest.safeParse(value);
  if (parsed?.success === false) {
    const wrongFields = fieldProblems(parsed.error.issues, value);
    problems.push(...wrongFields.filter(({ path }) => path === undefined || !missing.includes(path)));
  }
  problems.push(...missing.map((path) => wrong(path, 'is not in the payload')));
  if (parsed?.success === true) problems.push(...otherProblems(parsed.data, settings));
  if (parsed?.success === true && problems.length === 0) return parsed.data;
  const fields = problems.length === 1 ? 'One field is wrong.' : `${problems.length} fields are wrong.`;
  throw new ProblemError('invalid_request', fields, { problems });
}

function otherProblems({ callbackUrl, dryRun }: CloneRequest, settings: Settings): Problem[] {
  const callback = callbackUrl === undefined ? undefined : callbackProblem(callbackUrl, settings);
  return [
    ...(callback === undefined ? [] : [wrong('/callbackUrl', callback)]),
    ...(dryRun ? [wrong('/dryRun', 'must be false: nobody would see the plan')] : []),
  ];
}

function wrong(path: string, message: string): Problem {
  return { code: 'invalid_request', message, path };
}
