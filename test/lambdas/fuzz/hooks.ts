import { createHmac } from 'node:crypto';
import type { Random } from './random.ts';

export const HOOK_SECRET = 'planted-secret-of-the-fuzzed-hooks';
const STANDARD = Buffer.from('planted-standard-secret').toString('base64');

/** Whatever the payload says becomes the request: what a hook is least protected by. */
const request = Object.fromEntries(
  ['source', 'target', 'connections'].map((name) => [name, { $jmespath: name }]),
);

/** A hook of every scheme, as their secrets define them. */
export const HOOKS: Readonly<Record<string, object>> = {
  timed: {
    signature: {
      scheme: 'hmac',
      secret: HOOK_SECRET,
      header: 'x-signature',
      timestampHeader: 'x-timestamp',
      idHeader: 'x-delivery-id',
    },
    targets: ['acme', 'second'],
    when: "type != 'ignored' && length(keys(@)) > `0`",
    request,
  },
  github: { signature: { scheme: 'github', secret: HOOK_SECRET }, targets: ['*'], request },
  stripe: { signature: { scheme: 'stripe', secret: HOOK_SECRET }, targets: ['*'], request },
  standard: {
    signature: { scheme: 'standard-webhooks', secret: `whsec_${STANDARD}` },
    targets: ['*'],
    request,
  },
};

/** The headers by which the sender of a hook signs a body now. */
export function signature(hook: string, body: Buffer, random: Random): Record<string, string> {
  const time = String(Math.floor(Date.now() / 1000));
  const id = `delivery-${random.int(1_000)}`;
  const mac = (before: string, key: string | Buffer = HOOK_SECRET) =>
    createHmac('sha256', key).update(before).update(body);
  switch (hook) {
    case 'timed':
      return {
        'x-signature': mac(`${time}.`).digest('hex'),
        'x-timestamp': time,
        'x-delivery-id': random.pick([id, '', '\u00ff', 'd'.repeat(5_000), 'a#b']),
      };
    case 'github':
      return { 'x-hub-signature-256': `sha256=${mac('').digest('hex')}`, 'x-github-delivery': id };
    case 'stripe':
      return { 'stripe-signature': `t=${time},v1=${mac(`${time}.`).digest('hex')}` };
    default: {
      const signed = mac(`${id}.${time}.`, Buffer.from(STANDARD, 'base64')).digest('base64');
      return { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': `v1,${signed}` };
    }
  }
}
