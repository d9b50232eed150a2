import { describe, expect, test } from '@jest/globals';
import { errorFields, redact, withFields } from '../../../lambdas/http/log.ts';

describe('log lines', () => {
  test.each([
    'token',
    'apiToken',
    'x-api-key',
    'apiKey',
    'authorization',
    'password',
    'client_secret',
    'body',
    'cookie',
  ])('hold no value of a member named %s', (member) => {
    const line = JSON.stringify({ deep: { [member]: 'planted' } }, redact);

    expect(line).not.toContain('planted');
  });

  test('keep what tells where and which', () => {
    const fields = { cloneId: 'c', keyId: 'k', account: 'acme', status: 201, code: 'plan_blocked' };

    expect(JSON.parse(JSON.stringify(fields, redact))).toEqual(fields);
  });

  test('carry the fields of their call', () => {
    const lines: unknown[] = [];
    const write = (message: string, fields?: object) => void lines.push({ message, ...fields });
    const log = withFields({ info: write, warn: write, error: write }, { requestId: 'r' });

    log.warn('slow', { ms: 3 });

    expect(lines).toEqual([{ message: 'slow', requestId: 'r', ms: 3 }]);
  });

  test('tell of an unforeseen error its name, code and place, and never its message', () => {
    const error = Object.assign(new TypeError('planted', { cause: new Error('planted too') }), {
      code: 'E_X',
    });

    const fields = errorFields(error);

    expect(fields).toMatchObject({ error: 'TypeError', code: 'E_X', cause: { error: 'Error' } });
    expect(JSON.stringify(fields)).not.toContain('planted');
    expect(fields['frames']).not.toEqual([]);
  });
});
