import type { CloneState } from '../../core/model/clone.ts';
import type { JsonObject } from '../../core/model/resource.ts';
import type { CloneRecord } from '../../core/ports.ts';
import type { Reply } from '../http/call.ts';
import { PROBLEMS, type ProblemCode } from '../http/codes.ts';
import { ProblemError } from '../http/problem.ts';
import { json } from '../http/reply.ts';

/** The code of a clone that was refused before anything was written; `undefined` for any other. */
export function refusalOf(record: CloneRecord): ProblemCode | undefined {
  return record.status === 'failed' ? noted(record, 'refusal') : undefined;
}

/** Whether `POST /clone` has nothing left to wait for. */
export function hasSettled(record: CloneRecord): boolean {
  return record.status !== 'running' && record.status !== 'planned';
}

/** The problem that a refused clone is told as, when it was never more than a request. */
export function refusal(code: ProblemCode, record: CloneRecord): ProblemError {
  return new ProblemError(code, detailOf(record), {
    problems: record.state.errors,
    ...(code === 'plan_changed' ? { plan: record.state.plan } : {}),
  });
}

/**
 * What `POST /clone` says of a clone that is on its way or has ended: 201, 202, or a problem with its state.
 * A clone undone on demand did not fail: without errors of its own it is answered like any that ended.
 */
export function answer(record: CloneRecord, state: CloneState): Reply {
  const location = { location: `/clones/${record.cloneId}` };
  if (!hasSettled(record) || record.status === 'waiting') return json(202, state, location);
  if (record.status === 'succeeded') return json(201, state, location);
  if (record.status === 'rolled-back' && state.errors.length === 0) return json(201, state, location);
  const code = refusalOf(record) ?? noted(record, 'cause') ?? 'upstream_failed';
  throw new ProblemError(code, detailOf(record), {
    problems: state.errors,
    clone: state,
    headers: location,
  });
}

function noted(record: CloneRecord, note: 'refusal' | 'cause'): ProblemCode | undefined {
  const code = (record.notes?.[note] as JsonObject | undefined)?.['code'];
  return typeof code === 'string' && Object.hasOwn(PROBLEMS, code) ? (code as ProblemCode) : undefined;
}

function detailOf(record: CloneRecord): string {
  const { errors } = record.state;
  const first = errors[0]?.message ?? `The clone ended as ${record.status}.`;
  return errors.length > 1 ? `${first} (and ${errors.length - 1} more)` : first;
}
