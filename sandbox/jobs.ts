import type { Account } from './account.ts';
import { pageProcessors } from './collections/flowShape.ts';
import { type Document, isNothing, isObject, objectAt, objectsAt } from './documents.ts';
import { fail, notFound } from './errors.ts';
import { isObjectId } from './ids.ts';
import type { JobOutcome } from './types.ts';

/** A run of a flow. Its state follows from the time that went by, so nothing needs to tick. */
export interface Job {
  readonly id: string;
  readonly flow: Document;
  readonly createdAt: number;
  readonly stageMs: number;
  readonly outcome: JobOutcome;
  readonly childIds: readonly string[];
  canceledAt?: number;
}

/** A child of a job: the run of one export or import. */
interface Child {
  _id: string;
  type: string;
  _exportId?: unknown;
  _importId?: unknown;
}

/**
 * Starts a flow, if it may run.
 * @throws {ApiError} 422 `inactive_flow` for a disabled flow, `not_supported` for an abstract one
 */
export function run(
  account: Account,
  flow: Document,
  body: unknown,
  stageMs: number,
  outcome: JobOutcome,
): Job {
  if (flow['isAbstract'] === true) throw fail(422, 'not_supported', 'An abstract flow can not be run.');
  if (flow['disabled'] === true) throw fail(422, 'inactive_flow', 'The flow is disabled.');
  checkRunBody(flow, body);
  const now = Date.now();
  const job: Job = {
    id: account.ids.next(now),
    flow: structuredClone(flow),
    createdAt: now,
    stageMs,
    outcome,
    childIds: steps(flow).map(() => account.ids.next(now)),
  };
  account.jobs.set(job.id, job);
  flow['lastExecutedAt'] = new Date(now).toISOString();
  return job;
}

/**
 * Stops a job that has not ended yet; one that has stays as it is.
 * @throws {ApiError} 404
 */
export function cancel(account: Account, id: string): Job {
  const job = findJob(account, id);
  if (Date.now() < endOf(job)) job.canceledAt ??= Date.now();
  return job;
}

/** @throws {ApiError} 404 */
export function findJob(account: Account, id: string): Job {
  const job = account.jobs.get(id);
  if (!job) throw notFound('Job');
  return job;
}

/** The job as the API shows it at this moment, with its children on demand. */
export function jobDocument(job: Job, withChildren: boolean): Document {
  const now = Date.now();
  const status = statusOf(job, now);
  const ended = status === 'completed' || status === 'failed' || status === 'canceled';
  const document: Document = {
    _id: job.id,
    type: 'flow',
    _flowId: job.flow._id,
    _integrationId: job.flow['_integrationId'],
    status,
    createdAt: iso(job.createdAt),
    lastModified: iso(Math.min(now, job.canceledAt ?? endOf(job))),
    numSuccess: 0,
    numError: 0,
    numIgnore: 0,
    numPagesGenerated: 0,
    doneExporting: ended,
  };
  if (status !== 'queued') document['startedAt'] = iso(job.createdAt + job.stageMs);
  if (ended) {
    const failed = status === 'failed';
    document['endedAt'] = iso(job.canceledAt ?? endOf(job));
    document['numSuccess'] = job.outcome.numSuccess ?? (status === 'completed' ? 3 : 0);
    document['numError'] = job.outcome.numError ?? (failed ? 1 : 0);
    document['numIgnore'] = job.outcome.numIgnore ?? 0;
    document['numPagesGenerated'] = failed ? 0 : 1;
  }
  if (withChildren)
    document['children'] = children(job).map((child) => ({ ...child, _flowJobId: job.id, status }));
  return document;
}

function statusOf(job: Job, now: number): string {
  if (job.canceledAt !== undefined) return 'canceled';
  if (now < job.createdAt + job.stageMs) return 'queued';
  if (now < endOf(job)) return 'running';
  return job.outcome.status ?? 'completed';
}

function endOf(job: Job): number {
  return job.createdAt + 2 * job.stageMs;
}

function checkRunBody(flow: Document, body: unknown): void {
  if (body === undefined) return;
  if (!isObject(body)) throw fail(422, 'invalid_request', 'The body must be a JSON object.');
  const wanted = body['_exportIds'];
  const own = new Set(objectsAt(flow, 'pageGenerators').map((generator) => generator['_exportId']));
  if (isObjectId(flow['_exportId'])) own.add(flow['_exportId']);
  if (wanted !== undefined) {
    if (!Array.isArray(wanted)) throw fail(422, 'invalid_value', '_exportIds must be a list.', '_exportIds');
    for (const [index, id] of wanted.entries()) {
      if (!own.has(id))
        throw fail(422, 'invalid_ref', 'Export not found for the given id', `_exportIds[${index}]`);
    }
  }
  for (const name of ['startDate', 'endDate']) {
    const date = objectAt(body, 'export')[name];
    if (!isNothing(date) && Number.isNaN(Date.parse(String(date)))) {
      throw fail(422, 'invalid_value', `${name} must be a date.`, `export.${name}`);
    }
  }
}

function steps(flow: Document): Omit<Child, '_id'>[] {
  const all: Omit<Child, '_id'>[] = objectsAt(flow, 'pageGenerators').map((generator) => ({
    type: 'export',
    _exportId: generator['_exportId'],
  }));
  for (const { step } of pageProcessors(flow)) {
    if (step['type'] === 'import') all.push({ type: 'import', _importId: step['_importId'] });
    else all.push({ type: 'export', _exportId: step['_exportId'] });
  }
  if (flow['_exportId']) all.unshift({ type: 'export', _exportId: flow['_exportId'] });
  if (flow['_importId']) all.push({ type: 'import', _importId: flow['_importId'] });
  return all;
}

function children(job: Job): Child[] {
  return steps(job.flow).map((step, index) => ({ _id: job.childIds[index] ?? job.id, ...step }));
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
