import { describe, expect, test } from '@jest/globals';
import {
  baseUrlOf,
  createIntegratorClient,
  type IntegratorClientOptions,
} from '../../../adapters/integrator/index.ts';

describe('the options of a client', () => {
  test.each<[string, object]>([
    ['an unknown name', { tokn: 'x' }],
    ['an unknown retry option', { retry: { tries: 3 } }],
    ['an empty token', { token: '' }],
    ['a token that is none', { token: 7 }],
    ['a share of nothing', { rateShare: 0 }],
    ['a share above one', { rateShare: 1.5 }],
    ['a page of nothing', { pageSize: 0 }],
    ['half a page', { pageSize: 1.5 }],
    ['no time', { requestTimeoutMs: 0 }],
    ['endless time', { cloneTimeoutMs: Number.POSITIVE_INFINITY }],
    ['a negative limit', { retry: { limit: -1 } }],
  ])('refuse %s', (_, options) => {
    const given = { token: 'x', ...options } as IntegratorClientOptions;

    expect(() => createIntegratorClient(given)).toThrow(expect.objectContaining({ code: 'invalid_option' }));
  });

  test('need nothing but a token', () => {
    expect(createIntegratorClient({ token: 'x' })).toMatchObject({
      region: 'us',
      baseUrl: 'https://api.integrator.io',
      requestTimeoutMs: 30_000,
      callsPerSecond: 285,
      burst: 950,
    });
  });
});

describe('the base URL', () => {
  test('is the origin of the region', () => {
    expect(baseUrlOf({})).toBe('https://api.integrator.io');
    expect(baseUrlOf({ region: 'eu' })).toBe('https://api.eu.integrator.io');
  });

  test('may be another one over https, without its last slash', () => {
    expect(baseUrlOf({ baseUrl: 'https://proxy.example/celigo/' })).toBe('https://proxy.example/celigo');
  });

  test.each(['http://127.0.0.1:3001', 'http://localhost:3001', 'http://[::1]:3001', 'http://127.9.9.9'])(
    'may be %s only where loopback is allowed',
    (baseUrl) => {
      expect(baseUrlOf({ baseUrl, allowLoopbackHttp: true })).toBe(baseUrl);
      expect(() => baseUrlOf({ baseUrl })).toThrow(expect.objectContaining({ code: 'invalid_account' }));
    },
  );

  test.each([
    'http://api.integrator.io',
    'http://127.0.0.1.example.com',
    'http://10.0.0.1',
    'http://localhost@evil.example',
    'ftp://127.0.0.1',
    'https://user:secret@proxy.example',
    'https://proxy.example?x=1',
    'https://proxy.example#x',
    'proxy.example',
    '',
  ])('is never %s', (baseUrl) => {
    expect(() => baseUrlOf({ baseUrl, allowLoopbackHttp: true })).toThrow(
      expect.objectContaining({ code: 'invalid_account' }),
    );
  });

  test('knows no region but its own', () => {
    for (const region of ['ap', '__proto__', 'constructor']) {
      expect(() => baseUrlOf({ region } as IntegratorClientOptions)).toThrow(
        expect.objectContaining({ code: 'invalid_account' }),
      );
    }
  });
});
