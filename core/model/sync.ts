import * as z from 'zod/mini';
import { accountName, objectId, overrides, selection } from './request.ts';
import { RESOURCE_TYPES } from './resource.ts';
import { scheduleProblem } from './schedule.ts';

/** The name of a sync: as an account's. */
export const syncName = z
  .string()
  .check(
    z.regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be 1 to 63 characters of a-z, 0-9 and -, not starting with -'),
  );

const resolution = z.enum(['keep-target', 'take-source', 'fail']);
const pointer = z.string().check(z.regex(/^(\/([^~/]|~[01])*)*$/, 'must be a JSON Pointer'));
const idMap = z._default(z.record(objectId, objectId), {});
const share = z.number().check(z.gte(0), z.lte(1));

/** One tenant of a sync, and what is its own. */
const target = z.strictObject({
  account: accountName,
  integrationId: z.optional(objectId),
  connectionMap: idMap,
  idMap,
  adopt: z._default(z.union([z.literal('match-name'), z.record(objectId, objectId)]), {}),
  overrides: z._default(overrides, []),
  activate: z._default(z.boolean(), false),
  paused: z._default(z.boolean(), false),
});

const timezone = z.string().check(z.refine(isTimezone, 'must be a time zone of the IANA database'));

const schedule = z.string().check(
  z.superRefine((text, context) => {
    const message = scheduleProblem(text);
    if (message !== undefined) context.issues.push({ code: 'custom', message, input: text });
  }),
);

const members = {
  source: selection,
  targets: z.array(target).check(z.minLength(1), z.maxLength(1_000)),
  schedule: z.optional(schedule),
  timezone: z.optional(timezone),
  onConflict: z._default(
    z.union([
      resolution,
      z
        .array(z.strictObject({ type: z.enum(RESOURCE_TYPES), path: pointer, policy: resolution }))
        .check(z.maxLength(1_000)),
    ]),
    'keep-target',
  ),
  prune: z._default(z.enum(['keep', 'disable', 'delete']), 'keep'),
  maxPruneShare: z._default(share, 0.2),
  canary: z._default(z.number().check(z.int(), z.gte(0)), 0),
  stopAtFailureShare: z._default(share, 0.2),
  concurrency: z._default(z.number().check(z.int(), z.gte(1), z.lte(100)), 5),
  rateShare: z._default(z.number().check(z.gt(0), z.lte(1)), 0.3),
};

const onceEach = z.refine<{ targets: readonly { account: string }[] }>(
  ({ targets }) => new Set(targets.map(({ account }) => account)).size === targets.length,
  { message: 'must name each account once', path: ['targets'] },
);

/** What a sync is. Every object is strict: an unknown member is an error, never ignored. */
export const syncDefinition = z.strictObject(members).check(onceEach);

const told = z.readonly(z.optional(z.unknown()));

/**
 * The body of `PUT /syncs/{sync}`: a sync, or the answer of `GET /syncs/{sync}`, so that what was read can be
 * changed and put. What the service tells of a sync besides is left aside: the path names the sync, the rest is ours.
 */
export const syncBody = z
  .strictObject({ ...members, sync: told, createdAt: told, updatedAt: told, lastRun: told })
  .check(onceEach);

/** The body of `POST /syncs/{sync}/run`. */
export const runRequest = z.strictObject({
  mode: z._default(z.enum(['apply', 'report']), 'apply'),
  targets: z.optional(z.array(accountName).check(z.minLength(1), z.maxLength(1_000))),
});

/** A sync with every default filled in. */
export type SyncDefinition = z.infer<typeof syncDefinition>;
/** A sync as a caller writes it. */
export type SyncInput = z.input<typeof syncDefinition>;
export type SyncTarget = SyncDefinition['targets'][number];
export type RunRequest = z.infer<typeof runRequest>;
export type SyncBody = z.infer<typeof syncBody>;
export type SyncMode = RunRequest['mode'];

/** The sync in the body of its `PUT`. */
export function definitionIn({
  sync: _name,
  createdAt: _since,
  updatedAt: _changed,
  lastRun: _run,
  ...definition
}: SyncBody): SyncDefinition {
  return definition;
}

/** The platform knows offsets such as +01:00, too; the database, and EventBridge Scheduler, know names alone. */
function isTimezone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** What a clone keeps to that brings one tenant of a sync in step. */
export interface SyncOrder {
  /** The sync's name: what its runs copied may be pruned by its runs alone. */
  sync: string;
  /** The run, under whose id the source as it read it is stored. */
  runId: string;
  /** What the ledger knows the source account by. */
  sourceKey: string;
  /** `report`: the plan and what it found; nothing is written. */
  mode: SyncMode;
  onConflict: SyncDefinition['onConflict'];
  prune: SyncDefinition['prune'];
  maxPruneShare: number;
  /** The target has overrides of the sync's own: what an earlier clone left with the copies does not count. */
  hasOverrides?: true | undefined;
}
