import * as z from 'zod/mini';

/** 24 lower-case hexadecimal characters. */
export const objectId = z
  .string()
  .check(z.regex(/^[0-9a-f]{24}$/, 'must be 24 lower-case hexadecimal characters'));

/** The name flowferry knows an account by, see the contract's section on accounts. */
export const accountName = z
  .string()
  .check(
    z.regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be 1 to 63 characters of a-z, 0-9 and -, not starting with -'),
  );

const ids = z.array(objectId).check(z.maxLength(10_000));
const idMap = z.record(objectId, objectId);
const isoDate = z.iso.datetime({ offset: true });
const pointer = z.string().check(z.regex(/^(\/([^~/]|~[01])*)*$/, 'must be a JSON Pointer'));

const patchOperation = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('add'), path: pointer, value: z.json() }),
  z.strictObject({ op: z.literal('replace'), path: pointer, value: z.json() }),
  z.strictObject({ op: z.literal('remove'), path: pointer }),
  z.strictObject({ op: z.literal('move'), from: pointer, path: pointer }),
  z.strictObject({ op: z.literal('copy'), from: pointer, path: pointer }),
  z.strictObject({ op: z.literal('test'), path: pointer, value: z.json() }),
]);

/** A JSON Patch (RFC 6902) for every created or updated resource that fits all members of `select`. */
export const override = z.strictObject({
  select: z
    .strictObject({
      type: z.optional(
        z.enum([
          'integration',
          'flow',
          'export',
          'import',
          'connection',
          'script',
          'asynchelper',
          'filedefinition',
          'lookupcache',
          'ediprofile',
          'tool',
        ]),
      ),
      name: z.optional(z.string()),
      sourceId: z.optional(objectId),
    })
    .check(z.refine((select) => Object.keys(select).length > 0, 'must name a type, a name or a sourceId')),
  patch: z.array(patchOperation).check(z.minLength(1), z.maxLength(1000)),
});

export const overrides = z.array(override).check(z.maxLength(1000));

export const selection = z
  .strictObject({
    account: accountName,
    flowIds: z.optional(ids),
    integrationIds: z.optional(ids),
  })
  .check(
    z.refine(
      (source) => (source.flowIds?.length ?? 0) + (source.integrationIds?.length ?? 0) > 0,
      'must name at least one of flowIds and integrationIds',
    ),
  );

/** The body of `POST /clone`. Every object is strict: an unknown member is an error, never ignored. */
export const cloneRequest = z.strictObject({
  source: selection,
  target: z.strictObject({ account: accountName, integrationId: z.optional(objectId) }),
  connectionMap: z._default(idMap, {}),
  idMap: z._default(idMap, {}),
  adopt: z._default(z.union([z.literal('match-name'), idMap]), {}),
  connections: z._default(z.enum(['mapped', 'match-name', 'stub']), 'mapped'),
  onExisting: z._default(z.enum(['update', 'keep', 'fail']), 'update'),
  onFailure: z._default(z.enum(['rollback', 'keep']), 'rollback'),
  activate: z._default(z.boolean(), false),
  run: z._default(
    z.union([
      z.boolean(),
      z.strictObject({
        flowIds: z.optional(ids),
        startDate: z.optional(isoDate),
        endDate: z.optional(isoDate),
        wait: z._default(z.boolean(), true),
      }),
    ]),
    false,
  ),
  linkedFlows: z._default(z.enum(['include', 'drop']), 'include'),
  copySampleData: z._default(z.boolean(), false),
  overrides: z._default(overrides, []),
  rateShare: z._default(z.number().check(z.gt(0), z.lte(1)), 0.95),
  callbackUrl: z.optional(z.url()),
  dryRun: z._default(z.boolean(), false),
  planFingerprint: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
});

/** A clone request with every default filled in. */
export type CloneRequest = z.infer<typeof cloneRequest>;
/** A clone request as a caller writes it. */
export type CloneRequestInput = z.input<typeof cloneRequest>;
export type Override = z.infer<typeof override>;
/** The operations of the overrides for one resource: a list for each override. */
export type Patches = readonly Override['patch'][];
