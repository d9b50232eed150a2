import { describe, expect, test } from '@jest/globals';
import { hostileMembers } from '../../../lambdas/http/json-body.ts';

const parse = (text: string): object => JSON.parse(text) as object;

describe('hostile members', () => {
  test('are told by their places', () => {
    const body = parse('{"source":{"constructor":1},"overrides":[{"__proto__":{}}],"fine":["prototype"]}');

    const paths = hostileMembers(body).map(({ path }) => path);

    expect(paths.sort()).toEqual(['/overrides/0/__proto__', '/source/constructor']);
  });

  test('are told only as many as anyone reads, whatever the names around them', () => {
    const body = parse(`{"${'k'.repeat(100_000)}":[${'{"__proto__":1},'.repeat(9_000)}{}]}`);

    const problems = hostileMembers(body);

    expect(problems).toHaveLength(100);
    expect(JSON.stringify(problems).length).toBeLessThan(100_000);
  });

  test('below a name that is too long to be told are told by the place around it', () => {
    const body = parse(`{"run":{"${'k'.repeat(2_000)}":{"__proto__":1}}}`);

    expect(hostileMembers(body)).toMatchObject([{ code: 'invalid_request', path: '/run' }]);
  });
});
