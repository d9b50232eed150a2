import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { type Delivery, type HookSignature, parseHook, verify } from '../../../adapters/webhooks/index.ts';

const NOW = 1_800_000_000_000;
const SECONDS = NOW / 1000;
const BODY = Buffer.from('{"id":"evt_1","type":"tenant.created","note":"ä"}');
const KEY = 'a secret that only the sender and we know';
const WHSEC = `whsec_${Buffer.from(KEY).toString('base64')}`;

const hmac = (text: string | Buffer, encoding: 'hex' | 'base64' = 'hex') =>
  createHmac('sha256', KEY).update(text).digest(encoding);

function signatureOf(signature: object): HookSignature {
  return parseHook('signup', { signature, targets: ['*'], request: {} }).signature;
}

const timed = signatureOf({
  scheme: 'hmac',
  secret: KEY,
  header: 'X-Signature',
  prefix: 'sha256=',
  timestampHeader: 'X-Timestamp',
  idHeader: 'X-Delivery-Id',
});

interface Scheme {
  signature: HookSignature;
  /** A right delivery, signed so many seconds after now. */
  sign(offset?: number): Delivery;
  isTimed: boolean;
}

const SCHEMES: Readonly<Record<string, Scheme>> = {
  'standard-webhooks': {
    signature: signatureOf({ scheme: 'standard-webhooks', secret: WHSEC }),
    sign: (offset = 0) => ({
      headers: {
        'webhook-id': 'msg_1',
        'webhook-timestamp': String(SECONDS + offset),
        'webhook-signature': `v1a,xxxx v1,${Buffer.alloc(32).toString('base64')} ${new Webhook(WHSEC).sign('msg_1', new Date(NOW + offset * 1000), BODY)}`,
      },
      body: BODY,
    }),
    isTimed: true,
  },
  stripe: {
    signature: signatureOf({ scheme: 'stripe', secret: KEY }),
    sign: (offset = 0) => ({
      headers: {
        'stripe-signature': `t=${SECONDS + offset},v1=${'0'.repeat(64)},v1=${hmac(`${SECONDS + offset}.${BODY}`)},v0=ff`,
      },
      body: BODY,
    }),
    isTimed: true,
  },
  github: {
    signature: signatureOf({ scheme: 'github', secret: KEY }),
    sign: () => ({
      headers: { 'x-hub-signature-256': `sha256=${hmac(BODY)}`, 'x-github-delivery': 'guid-1' },
      body: BODY,
    }),
    isTimed: false,
  },
  'hmac with a time': {
    signature: timed,
    sign: (offset = 0) => ({
      headers: {
        'x-signature': `sha256=${hmac(`${SECONDS + offset}.${BODY}`)}`,
        'x-timestamp': String(SECONDS + offset),
        'x-delivery-id': 'delivery-1',
      },
      body: BODY,
    }),
    isTimed: true,
  },
  'hmac over the body, in base64': {
    signature: signatureOf({ scheme: 'hmac', secret: KEY, header: 'x-mac', encoding: 'base64' }),
    sign: () => ({ headers: { 'x-mac': hmac(BODY, 'base64') }, body: BODY }),
    isTimed: false,
  },
};

const settings = { now: NOW, toleranceSeconds: 300 };

describe.each(Object.entries(SCHEMES))('by %s', (name, { signature, sign, isTimed }) => {
  test('a delivery that was signed is taken', () => {
    expect(verify(signature, sign(), settings)).toBeDefined();
  });

  test('a body that was touched is refused', () => {
    const body = Buffer.from(BODY);
    body[10] = (body[10] ?? 0) ^ 1;

    expect(verify(signature, { ...sign(), body }, settings)).toBeUndefined();
  });

  test('another key is refused', () => {
    const secret = signature.scheme === 'standard-webhooks' ? 'whsec_b3RoZXI=' : 'other';

    expect(verify({ ...signature, secret }, sign(), settings)).toBeUndefined();
  });

  test.each(Object.keys(sign().headers).filter((header) => !/delivery/.test(header)))(
    'a delivery without %s, or with an empty or odd one, is refused',
    (header) => {
      const delivery = sign();

      for (const value of [undefined, '', 'x', '=', ',', 'v1,', 't=,v1=', '0'.repeat(64)]) {
        const headers = { ...delivery.headers, [header]: value };
        expect([value, verify(signature, { ...delivery, headers }, settings)]).toEqual([value, undefined]);
      }
    },
  );

  if (isTimed) {
    test.each([
      [-300, true],
      [-301, false],
      [300, true],
      [301, false],
    ])('a delivery signed %d seconds from now is taken: %s', (offset, isTaken) => {
      expect(verify(signature, sign(offset), settings) !== undefined).toBe(isTaken);
    });

    test('the tolerance is the definition’s', () => {
      expect(verify(signature, sign(-11), { now: NOW, toleranceSeconds: 10 })).toBeUndefined();
    });
  }

  test('a signature of another scheme is refused', () => {
    for (const [other, scheme] of Object.entries(SCHEMES)) {
      if (other !== name) expect(verify(signature, scheme.sign(), settings)).toBeUndefined();
    }
  });
});

test('by standard-webhooks the bytes are signed that were sent, also where they are no text', () => {
  const body = Buffer.from('{"note":"\xff\xfe"}', 'latin1');
  const signed = Buffer.concat([Buffer.from(`msg_1.${SECONDS}.`), body]);
  const headers = {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(SECONDS),
    'webhook-signature': `v1,${hmac(signed, 'base64')}`,
  };
  const { signature } = SCHEMES['standard-webhooks'] as Scheme;

  expect(verify(signature, { headers, body }, settings)).toMatchObject({ id: 'msg_1' });
});

describe('the name of a delivery', () => {
  test.each([
    ['standard-webhooks', 'msg_1', false],
    ['stripe', 'evt_1', false],
    ['github', 'guid-1', true],
    ['hmac with a time', 'delivery-1', true],
    ['hmac over the body, in base64', undefined, true],
  ])('by %s is the sender’s', (name, id, hasContentDigest) => {
    const scheme = SCHEMES[name];
    const verified = scheme && verify(scheme.signature, scheme.sign(), settings);

    expect(verified?.id).toBe(id);
    expect(verified?.contentDigest !== undefined).toBe(hasContentDigest);
  });

  test('can be forged where it is not signed, but the content’s digest can not', () => {
    const delivery = SCHEMES['hmac with a time']?.sign() as Delivery;
    const forged = { ...delivery, headers: { ...delivery.headers, 'x-delivery-id': 'another' } };

    const [one, other] = [verify(timed, delivery, settings), verify(timed, forged, settings)];

    expect(other?.id).toBe('another');
    expect(other?.contentDigest).toBe(one?.contentDigest);
  });
});
