import * as z from 'zod/mini';
import { objectId } from '../../core/model/request.ts';
import { RESOURCE_TYPES } from '../../core/model/resource.ts';
import { PROBLEMS } from './codes.ts';

/** What the service answers, for the OpenAPI document and for tests that hold answers against it. */

const type = z.enum(RESOURCE_TYPES);
const count = z.int().check(z.gte(0));
const time = z.iso.datetime();
const next = z.nullable(z.string());
const account = z.strictObject({ account: z.string() });

const finding = z.object({
  code: z.string(),
  message: z.string(),
  type: z.optional(type),
  sourceId: z.optional(z.string()),
  path: z.optional(z.string()),
  line: z.optional(count),
  candidates: z.optional(z.array(z.object({ id: z.string(), name: z.string() }))),
});

export const planSummary = z.object({
  fingerprint: z.string(),
  counts: z.object({ create: count, update: count, reuse: count, unchanged: count }),
  cost: z.object({
    source: z.object({ calls: count }),
    target: z.object({ calls: count }),
    seconds: z.number().check(z.gte(0)),
  }),
});

export const action = z.object({
  action: z.enum(['create', 'update', 'reuse', 'unchanged']),
  type,
  sourceId: z.string(),
  targetId: z.optional(z.string()),
  name: z.string(),
  status: z.enum(['pending', 'done', 'failed', 'undone']),
});

const flow = z.object({
  sourceId: z.string(),
  targetId: z.optional(z.string()),
  name: z.string(),
  disabled: z.boolean(),
  webhookUrls: z.optional(z.array(z.string())),
  run: z.optional(
    z.object({
      jobId: z.string(),
      status: z.string(),
      numSuccess: z.optional(count),
      numError: z.optional(count),
      numIgnore: z.optional(count),
    }),
  ),
});

export const cloneState = z.object({
  cloneId: z.optional(z.string()),
  status: z.enum(['planned', 'running', 'waiting', 'succeeded', 'failed', 'rolled-back', 'partial']),
  source: account,
  target: account,
  plan: z.optional(planSummary),
  actions: z.optional(z.array(action)),
  idMap: z.optional(z.record(z.string(), z.string())),
  flows: z.optional(z.array(flow)),
  next: z.optional(z.string()),
  warnings: z.array(finding),
  errors: z.array(finding),
  progress: z.object({
    stage: z.enum(['reading', 'planning', 'applying', 'verifying', 'waking', 'undoing', 'done']),
    done: count,
    pending: count,
    secondsLeft: z.optional(z.number()),
  }),
  createdAt: z.optional(time),
  endedAt: z.optional(time),
  pendingAuthorizations: z.array(z.object({ connectionId: z.string(), name: z.string() })),
  stats: z.object({
    apiCalls: z.object({ source: count, target: count }),
    retries: count,
    rateLimited: count,
    durationMs: z.number(),
  }),
});

export const actionsPage = z.strictObject({ actions: z.array(action).check(z.maxLength(1000)), next });
export const clonesPage = z.strictObject({ clones: z.array(cloneState), next });

export const accountsList = z.strictObject({
  accounts: z.array(z.strictObject({ account: z.string(), region: z.string() })),
});

export const accountState = z.strictObject({ account: z.string(), region: z.string(), ok: z.boolean() });

export const delivery = z.strictObject({
  status: z.enum(['accepted', 'ignored', 'duplicate']),
  deliveryId: z.string(),
  cloneId: z.optional(z.string()),
});

export const flowsPage = z.strictObject({
  flows: z.array(
    z.strictObject({
      id: objectId,
      name: z.string(),
      integrationId: z.nullable(z.string()),
      integrationName: z.nullable(z.string()),
      disabled: z.boolean(),
    }),
  ),
  next,
});

const runStatus = z.enum(['running', 'succeeded', 'partial', 'failed']);
const runMode = z.enum(['apply', 'report']);
const runError = z.object({ code: z.string(), message: z.string() });

const targetStatus = z.enum(['waiting', 'running', 'in-step', 'changed', 'conflict', 'failed', 'skipped']);

const runSummary = z.object({
  runId: z.string(),
  mode: runMode,
  status: runStatus,
  createdAt: time,
  endedAt: z.optional(time),
  source: account,
  counts: z.record(z.string(), count),
  targets: z.array(z.object({ account: z.string(), status: targetStatus })),
});

export const syncState = z.looseObject({
  sync: z.string(),
  source: z.looseObject({ account: z.string() }),
  targets: z.array(z.looseObject({ account: z.string() })),
  schedule: z.optional(z.string()),
  timezone: z.optional(z.string()),
  createdAt: time,
  updatedAt: time,
  lastRun: z.optional(runSummary),
});

export const syncsPage = z.strictObject({ syncs: z.array(syncState), next });
export const syncRunBegun = z.strictObject({ runId: z.string() });
export const syncRunsPage = z.strictObject({ runs: z.array(runSummary), next });

const place = { type, sourceId: z.string(), targetId: z.optional(z.string()), path: z.string() };

export const syncRun = z.object({
  runId: z.string(),
  sync: z.string(),
  mode: runMode,
  status: runStatus,
  trigger: z.enum(['request', 'schedule']),
  createdAt: time,
  endedAt: z.optional(time),
  error: z.optional(runError),
  targets: z.array(
    z.object({
      account: z.string(),
      status: targetStatus,
      cloneId: z.optional(z.string()),
      applied: count,
      kept: count,
      drift: z.array(z.object({ ...place, movedBy: z.enum(['source', 'target', 'both']) })),
      conflicts: z.array(
        z.object({ ...place, resolution: z.enum(['keep-target', 'take-source', 'failed']) }),
      ),
      leftOut: z.optional(count),
      error: z.optional(runError),
    }),
  ),
});

export const health = z.strictObject({ status: z.literal('ok') });
export const openApi = z.looseObject({ openapi: z.literal('3.1.0') });

/** RFC 9457, with our extension members. */
export const problemDocument = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string(),
  code: z.enum(Object.keys(PROBLEMS)),
  errors: z.array(z.extend(finding, { resource: z.optional(type) })),
  plan: z.optional(planSummary),
  clone: z.optional(cloneState),
});
