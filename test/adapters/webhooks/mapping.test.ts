import { describe, expect, test } from '@jest/globals';
import { deliveryIdOf, isWanted, mapPayload, parseHook } from '../../../adapters/webhooks/index.ts';

const PAYLOAD = {
  type: 'tenant.created',
  data: { tenant: 'acme', ids: ['a', 'b'], none: null, empty: [], off: false, map: { x: 'y' } },
};

describe('a payload', () => {
  test('fills every expression’s place with what is found, of any type', () => {
    const template = {
      text: 'as it is',
      tenant: { $jmespath: 'data.tenant' },
      nested: { list: [{ $jmespath: 'data.ids' }, 1, null], map: { $jmespath: 'data.map' } },
      off: { $jmespath: 'data.off' },
      made: { $jmespath: "join('-', data.ids)" },
    };

    expect(mapPayload(template, PAYLOAD)).toEqual({
      value: {
        text: 'as it is',
        tenant: 'acme',
        nested: { list: [['a', 'b'], 1, null], map: { x: 'y' } },
        off: false,
        made: 'a-b',
      },
      missing: [],
    });
  });

  test('that lacks a value leaves its place empty and says where it is', () => {
    const template = {
      target: { account: { $jmespath: 'data.nobody' } },
      none: { $jmespath: 'data.none' },
      wrong: { $jmespath: 'join(`1`, data.tenant)' },
      list: ['a', { $jmespath: 'nothing' }, 'b'],
    };

    expect(mapPayload(template, PAYLOAD)).toEqual({
      value: { target: {}, list: ['a', null, 'b'] },
      missing: ['/target/account', '/none', '/wrong', '/list/1'],
    });
  });

  test('reaches no prototype', () => {
    const template = { target: { $jmespath: 'constructor' }, other: { $jmespath: '__proto__.polluted' } };

    expect(mapPayload(template, {})).toMatchObject({ missing: ['/target', '/other'] });
  });

  test.each([
    [undefined, true],
    ["type == 'tenant.created'", true],
    ["type == 'tenant.deleted'", false],
    ['data.empty', false],
    ['data.none', false],
    ['data.off', false],
    ['data.map', true],
    ['nothing.at.all', false],
    ['length(data.off)', false],
  ])('is wanted when %s: %s', (when, wanted) => {
    expect(isWanted(when, PAYLOAD)).toBe(wanted);
  });
});

describe('a hook', () => {
  const right = { signature: { scheme: 'github', secret: 'planted' }, targets: ['acme'], request: {} };

  test('has defaults for all that may be left out', () => {
    const hook = parseHook('signup', {
      ...right,
      signature: { scheme: 'hmac', secret: 's', header: 'X-Sig' },
    });

    expect(hook).toMatchObject({
      toleranceSeconds: 300,
      signature: { header: 'x-sig', encoding: 'hex', prefix: '' },
    });
  });

  test.each([
    ['an unknown field', { ...right, planted: true }],
    ['no secret', { ...right, signature: { scheme: 'github', secret: '' } }],
    ['an unknown scheme', { ...right, signature: { scheme: 'planted', secret: 'planted' } }],
    ['a field of another scheme', { ...right, signature: { ...right.signature, header: 'x-planted' } }],
    ['a header that can’t be', { ...right, signature: { scheme: 'hmac', secret: 's', header: 'a b' } }],
    ['a key that is no base64', { ...right, signature: { scheme: 'standard-webhooks', secret: 'planted!' } }],
    ['no targets', { ...right, targets: [] }],
    ['a target that can’t be', { ...right, targets: ['PLANTED'] }],
    ['an expression that is none', { ...right, request: { target: [{ $jmespath: 'planted[' }] } }],
    ['an unknown function', { ...right, request: { target: { $jmespath: 'planted(@)' } } }],
    ['more beside an expression', { ...right, request: { target: { $jmespath: 'a', planted: 1 } } }],
    ['a condition that is none', { ...right, when: '==planted' }],
    ['no object', 'planted'],
  ])('with %s is refused without being quoted', (_case, value) => {
    const read = () => parseHook('signup', value);

    expect(read).toThrow(expect.objectContaining({ code: 'hook_unusable' }));
    expect(read).not.toThrow(/planted/i);
  });
});

describe('a delivery', () => {
  test('is named by its sender where the name can stand in a log, else by its body', () => {
    const body = Buffer.from('{}');
    const digest = expect.stringMatching(/^sha256-[0-9a-f]{64}$/);

    expect(deliveryIdOf('evt_1', body)).toBe('evt_1');
    for (const odd of [undefined, '', 'a b', 'a\nb', 'ä', 'x'.repeat(201)]) {
      expect(deliveryIdOf(odd, body)).toEqual(digest);
    }
  });
});
