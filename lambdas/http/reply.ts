import type { Reply } from './call.ts';
import type { ProblemDocument } from './problem.ts';

/** An answer in JSON. */
export function json(
  statusCode: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

/** RFC 9457, section 3: a problem document has a media type of its own. */
export function problemReply(
  problem: ProblemDocument,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return json(problem.status, problem, { ...headers, 'content-type': 'application/problem+json' });
}
