import * as z from 'zod/mini';
import { FlowferryError } from '../../core/model/problem.ts';
import { accountName } from '../../core/model/request.ts';
import { isExpression } from './expression.ts';

const secret = z.string().check(z.minLength(1));
/** RFC 9110, section 5.1: header names, told apart without regard to case. */
const headerName = z.pipe(
  z.string().check(z.regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/)),
  z.transform((name) => name.toLowerCase()),
);
const expression = z.string().check(z.refine(isExpression, 'must be a JMESPath expression'));

const signature = z.discriminatedUnion('scheme', [
  z.strictObject({
    scheme: z.literal('standard-webhooks'),
    /** Base64, with or without `whsec_` before it. */
    secret: z.string().check(z.regex(/^(whsec_)?[A-Za-z0-9+/]{2,}={0,2}$/)),
  }),
  z.strictObject({ scheme: z.literal('stripe'), secret }),
  z.strictObject({ scheme: z.literal('github'), secret }),
  z.strictObject({
    scheme: z.literal('hmac'),
    secret,
    /** Where the signature stands. */
    header: headerName,
    encoding: z._default(z.enum(['hex', 'base64']), 'hex'),
    /** What stands before the signature in its header. */
    prefix: z._default(z.string(), ''),
    /** Where the time of signing stands, in Unix seconds; left out: the raw body alone is signed. */
    timestampHeader: z.optional(headerName),
    /** Where the sender names the delivery; left out: the raw body's digest names it. */
    idHeader: z.optional(headerName),
  }),
]);

const definition = z.strictObject({
  signature,
  /** How far the time of signing may be from ours, either way. */
  toleranceSeconds: z._default(z.int().check(z.gte(1), z.lte(3600)), 300),
  /** Accounts it may clone into; `*` stands for all. */
  targets: z.array(z.union([z.literal('*'), accountName])).check(z.minLength(1)),
  /** Over the payload; what is false by JMESPath's rules is ignored. */
  when: z.optional(expression),
  /** A clone request, with `{"$jmespath": "..."}` in the place of any value. */
  request: z
    .record(z.string(), z.json())
    .check(z.refine(hasGoodExpressions, 'holds a {"$jmespath"} that is no expression')),
});

/** How one sender signs, and what its payloads become. */
export type Hook = z.output<typeof definition>;
export type HookSignature = Hook['signature'];

/**
 * Reads a hook's definition. Errors name the fields that are wrong and quote nothing: a secret may stand anywhere.
 *
 * @throws {FlowferryError} `hook_unusable`
 */
export function parseHook(name: string, value: unknown): Hook {
  const parsed = definition.safeParse(value);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path }) => path.join('.') || 'the whole').join(', ');
  throw new FlowferryError('hook_unusable', `The hook ${name} can't be used; wrong in it: ${wrong}.`);
}

function hasGoodExpressions(template: unknown): boolean {
  if (typeof template !== 'object' || template === null) return true;
  if (Array.isArray(template)) return template.every(hasGoodExpressions);
  if (!Object.hasOwn(template, '$jmespath')) return Object.values(template).every(hasGoodExpressions);
  const text: unknown = Reflect.get(template, '$jmespath');
  return Object.keys(template).length === 1 && typeof text === 'string' && isExpression(text);
}
