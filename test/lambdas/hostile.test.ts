import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { problemDocument } from '../../lambdas/http/schemas.ts';
import { ROUTES } from '../../lambdas/routes.ts';
import { cloneBody, FLOW_ID, type Service, startService } from './support.ts';

/** Values that have broken parsers, maps and patterns before. */
const awkward = fc.constantFrom<unknown>(
  null,
  '',
  '__proto__',
  'constructor',
  '../..',
  '\u0000',
  '\ud800',
  -0,
  1e308,
  [],
  {},
  [[[]]],
  FLOW_ID,
  FLOW_ID.toUpperCase(),
);
const anything = fc.oneof(awkward, fc.jsonValue({ maxDepth: 3 }));
const fields = fc.constantFrom(
  'source',
  'target',
  'connectionMap',
  'idMap',
  'adopt',
  'connections',
  'run',
  'overrides',
  'rateShare',
  'callbackUrl',
  'dryRun',
  'unknown',
  '__proto__',
);
/** A request that would be right, with some fields spoilt. */
const spoilt = fc.dictionary(fields, anything).map((spoils) => JSON.stringify({ ...cloneBody(), ...spoils }));
const body = fc.oneof(spoilt, fc.json(), fc.string({ unit: 'binary' }));

const segment = fc.oneof(
  fc.string({ maxLength: 20 }).map(encodeURIComponent),
  fc.constantFrom('__proto__', '%00', '%2F', 'acme', 'a'.repeat(3_000)),
);
const query = fc.dictionary(fc.constantFrom('target', 'limit', 'cursor', 'x'), fc.string({ maxLength: 40 }));
const path = fc.tuple(fc.constantFrom(...ROUTES), segment, query).map(([route, name, pairs]) => {
  const search = new URLSearchParams(pairs).toString();
  return { method: route.method, path: `${route.path.replace(/\{\w+\}/, name)}?${search}` };
});

describe('whatever is sent', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.close());

  test('as a body is answered, and every refusal is a problem document below 500', async () => {
    await fc.assert(
      fc.asyncProperty(body, async (text) => {
        const answer = await service.clone(text);

        expect(answer.status).toBeLessThan(500);
        if (answer.status >= 400) expect(problemDocument.safeParse(answer.body).success).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('in path and query is answered, and every refusal is a problem document below 500', async () => {
    await fc.assert(
      fc.asyncProperty(path, async (request) => {
        const init = request.method === 'POST' ? { method: 'POST', body: '{}' } : {};
        const answer = await service.call(request.path, init);

        expect(answer.status).toBeLessThan(500);
        if (answer.status >= 400) expect(problemDocument.safeParse(answer.body).success).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
