import { format } from '../../core/model/pointer.ts';
import type { Problem } from '../../core/model/problem.ts';
import type { JsonObject } from '../../core/model/resource.ts';
import { endpointOf, isBodyLeftOut, type Middleware } from './call.ts';
import { MAX_PROBLEMS } from './fields.ts';
import { ProblemError } from './problem.ts';

/** Members that reach an object's prototype instead of the object in careless code; no request needs them. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** Deeper than any resource of integrator.io, and shallow enough for every recursion behind this door. */
const MAX_DEPTH = 100;

/** Longer pointers, in characters, are cut back to what holds the place: a name can be as long as a body. */
const MAX_POINTER = 1_000;

/** Reads the body as a JSON object: 400 where it is not JSON, 422 where it is not an object we take. */
export function jsonBody(): Middleware {
  return {
    before: ({ context: { call } }) => {
      if (endpointOf(call).schema === undefined) return;
      const value = isBodyLeftOut(call) ? {} : readObject(call.body as Uint8Array);
      const problems = hostileMembers(value);
      if (problems.length > 0) throw invalid(problems);
      call.body = value;
    },
  };
}

/** A body as a JSON object. */
export function readObject(bytes: Uint8Array): JsonObject {
  const value = parse(bytes);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw invalid([{ code: 'invalid_request', message: 'The body must be a JSON object.', path: '' }]);
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // The parser's own message quotes the body, and a body may hold anything.
    throw new ProblemError('malformed_json', 'The body is not JSON in UTF-8.');
  }
}

/**
 * Members that no request has, no more of them than anyone reads, and depths that none reaches. Walks with a stack of
 * its own: a hostile body nests deeper than calls can.
 */
export function hostileMembers(body: object): Problem[] {
  const problems: Problem[] = [];
  const open: { value: object; path: readonly string[] }[] = [{ value: body, path: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.path.length > MAX_DEPTH) {
      const message = `must not nest deeper than ${MAX_DEPTH} levels`;
      return [{ code: 'invalid_request', message, path: placeOf(next.path.slice(0, 3)) }];
    }
    for (const [member, value] of Object.entries(next.value)) {
      const path = [...next.path, member];
      if (FORBIDDEN.has(member) && !Array.isArray(next.value)) {
        const message = 'is not a name a member may have';
        problems.push({ code: 'invalid_request', message, path: placeOf(path) });
        if (problems.length >= MAX_PROBLEMS) return problems;
      } else if (typeof value === 'object' && value !== null) {
        open.push({ value, path });
      }
    }
  }
  return problems;
}

/** The pointer to a place, or to the nearest around it that can be named shortly. */
function placeOf(path: readonly string[]): string {
  let length = 0;
  const tooLong = path.findIndex((name) => {
    length += 1 + name.length;
    return length > MAX_POINTER;
  });
  return format(tooLong === -1 ? path : path.slice(0, tooLong));
}

function invalid(problems: Problem[]): ProblemError {
  return new ProblemError('invalid_request', 'The body is not one this route takes.', { problems });
}
