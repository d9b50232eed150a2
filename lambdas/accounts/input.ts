import * as z from 'zod/mini';

/** The body of `PUT /accounts/{account}`. */
export const accountInput = z.strictObject({
  // It travels in a header: other characters would break out of it.
  token: z
    .string()
    .check(z.regex(/^[\x21-\x7e]{1,4096}$/, 'must be printable ASCII without spaces, of at most 4096')),
  region: z.optional(z.enum(['us', 'eu'])),
  baseUrl: z.optional(z.url()),
});

export type AccountInputBody = z.output<typeof accountInput>;
