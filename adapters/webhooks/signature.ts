import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { HookSignature } from './definition.ts';

/** What came in: names of headers in lower case, the body as it was sent. */
export interface Delivery {
  headers: Readonly<Record<string, string | undefined>>;
  body: Buffer;
}

/** A delivery that its sender signed. */
export interface Verified {
  /** The name that the sender gave it; `undefined` where the scheme has none outside the body. */
  id: string | undefined;
  /**
   * A digest of what was signed, where the id is not part of that: somebody who replays the delivery can give it
   * another id, but not another content.
   */
  contentDigest: string | undefined;
}

/** What a scheme finds in a delivery. */
interface Claim {
  /** Unix seconds, as they were signed; `undefined` where the scheme signs no time. */
  timestamp: string | undefined;
  given: readonly Buffer[];
  expected: Buffer;
  id: string | undefined;
  isIdSigned: boolean;
}

const TIMESTAMP = /^\d{1,12}$/;
const HEX = /^[0-9a-f]{64}$/i;
const BASE64 = /^[A-Za-z0-9+/]{43}=?$/;

/**
 * Checks a delivery's signature and, where it is signed, its time. `undefined` when either is wrong, missing or out
 * of the tolerance; what of it, nobody is told.
 */
export function verify(
  signature: HookSignature,
  delivery: Delivery,
  { now, toleranceSeconds }: { now: number; toleranceSeconds: number },
): Verified | undefined {
  const claim = claimOf(signature, delivery);
  if (claim === undefined) return undefined;
  const { timestamp, given, expected, id, isIdSigned } = claim;
  // All are compared, each in a time that says nothing about it.
  const isSigned = given.map((one) => isSame(one, expected)).includes(true);
  const isTimely = timestamp === undefined || Math.abs(now / 1000 - Number(timestamp)) <= toleranceSeconds;
  if (!isSigned || !isTimely) return undefined;
  return { id, contentDigest: isIdSigned ? undefined : createHash('sha256').update(expected).digest('hex') };
}

function claimOf(signature: HookSignature, delivery: Delivery): Claim | undefined {
  switch (signature.scheme) {
    case 'standard-webhooks':
      return standardClaim(signature.secret, delivery);
    case 'stripe':
      return stripeClaim(signature.secret, delivery);
    case 'github':
      return githubClaim(signature.secret, delivery);
    case 'hmac':
      return hmacClaim(signature, delivery);
  }
}

/** https://github.com/standard-webhooks/standard-webhooks: id, time and body are signed; several signatures may stand. */
function standardClaim(secret: string, { headers, body }: Delivery): Claim | undefined {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': list } = headers;
  if (!id || !timestamp || !list || !TIMESTAMP.test(timestamp)) return undefined;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return {
    timestamp,
    given: list
      .split(' ')
      .filter((entry) => entry.startsWith('v1,'))
      .flatMap((entry) => decoded(entry.slice('v1,'.length), 'base64')),
    // The library would make text of the body first, and reads the clock by itself.
    expected: mac(key, `${id}.${timestamp}.`, body),
    id,
    isIdSigned: true,
  };
}

/** https://docs.stripe.com/webhooks: `t=<seconds>,v1=<hex>`; the event's id stands in the signed body. */
function stripeClaim(secret: string, { headers, body }: Delivery): Claim | undefined {
  const parts = (headers['stripe-signature'] ?? '').split(',').map((part) => part.trim().split('='));
  const valuesOf = (name: string) => parts.flatMap(([key, value]) => (key === name && value ? [value] : []));
  const [timestamp] = valuesOf('t');
  if (timestamp === undefined || !TIMESTAMP.test(timestamp)) return undefined;
  return {
    timestamp,
    given: valuesOf('v1').flatMap((value) => decoded(value, 'hex')),
    expected: mac(secret, `${timestamp}.`, body),
    id: memberOf(body, 'id'),
    isIdSigned: true,
  };
}

/** https://docs.github.com/webhooks: the body alone is signed; the delivery's id stands beside it. */
function githubClaim(secret: string, { headers, body }: Delivery): Claim | undefined {
  const value = afterPrefix(headers['x-hub-signature-256'], 'sha256=');
  if (value === undefined) return undefined;
  return {
    timestamp: undefined,
    given: decoded(value, 'hex'),
    expected: mac(secret, '', body),
    id: headers['x-github-delivery'],
    isIdSigned: false,
  };
}

function hmacClaim(
  signature: Extract<HookSignature, { scheme: 'hmac' }>,
  { headers, body }: Delivery,
): Claim | undefined {
  const { secret, header, encoding, prefix, timestampHeader, idHeader } = signature;
  const value = afterPrefix(headers[header], prefix);
  const timestamp = timestampHeader === undefined ? undefined : (headers[timestampHeader] ?? '');
  if (value === undefined || (timestamp !== undefined && !TIMESTAMP.test(timestamp))) return undefined;
  return {
    timestamp,
    given: decoded(value, encoding),
    expected: mac(secret, timestamp === undefined ? '' : `${timestamp}.`, body),
    id: idHeader === undefined ? undefined : headers[idHeader],
    isIdSigned: false,
  };
}

function mac(secret: string | Buffer, before: string, body: Buffer): Buffer {
  return createHmac('sha256', secret).update(before).update(body).digest();
}

function afterPrefix(value: string | undefined, prefix: string): string | undefined {
  return value?.startsWith(prefix) ? value.slice(prefix.length) : undefined;
}

function decoded(text: string, encoding: 'hex' | 'base64'): Buffer[] {
  const isRight = (encoding === 'hex' ? HEX : BASE64).test(text);
  return isRight ? [Buffer.from(text, encoding)] : [];
}

function isSame(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

function memberOf(body: Buffer, member: string): string | undefined {
  try {
    const value: unknown = Reflect.get(Object(JSON.parse(body.toString('utf8'))), member);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
