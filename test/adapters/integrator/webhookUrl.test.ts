import { expect, test } from '@jest/globals';
import { webhookUrlOf } from '../../../adapters/integrator/webhook-url.ts';
import type { JsonObject } from '../../../core/model/resource.ts';

const BASE = 'https://api.eu.integrator.io';

test.each<[string, JsonObject, string]>([
  ['a secret address', { provider: 'custom', verify: 'secret_url', token: 't0k' }, '/t0k/data'],
  ['a provider that does not sign, without verify', { provider: 'stripe', token: 't0k' }, '/t0k/data'],
  ['a signature', { provider: 'custom', verify: 'hmac', token: 't0k' }, '/data'],
  ['basic auth', { provider: 'custom', verify: 'basic' }, '/data'],
  ['a provider that signs', { provider: 'github', token: 't0k' }, '/data'],
  ['a masked token', { provider: 'custom', verify: 'secret_url', token: '******' }, '/data'],
  ['no token', { provider: 'custom', verify: 'secret_url' }, '/data'],
])('a webhook with %s', (_, webhook, tail) => {
  expect(webhookUrlOf(BASE, { _id: 'abc', webhook })).toBe(`${BASE}/v1/exports/abc${tail}`);
});

test('an export that says nothing of its webhook has the plain address', () => {
  expect(webhookUrlOf(BASE, { _id: 'abc' })).toBe(`${BASE}/v1/exports/abc/data`);
});
