import { FINDINGS_PART } from '../apply/settle.ts';
import { codeOf, isOwnTrouble, outerCode } from '../model/problem.ts';
import type { JsonObject } from '../model/resource.ts';
import type { CloneRecord } from '../ports.ts';
import type { Advance, ClonePorts } from './contract.ts';
import { RefusedError } from './errors.ts';
import { addErrors } from './many.ts';
import { secondsToWait } from './patience.ts';
import { BusyError } from './prepare.ts';
import { problemsOf } from './record.ts';
import { notesOf } from './report.ts';
import type { Session } from './session.ts';
import { end, enter } from './stage.ts';

/** Codes of errors that are integrator.io's or a caller's doing: the clone ends, and says so. */
const FINAL_CODES: ReadonlySet<string> = new Set([
  'account_unauthorized',
  'account_not_found',
  'account_changed',
  'upstream_failed',
  'refused',
  'not_found',
  'answer_lost',
  'document_too_deep',
  'invalid_account',
  'verification_failed',
  'reference_left',
  'override_failed',
  'masked_value',
  'target_vanished',
  'order_broken',
  'canceled',
  'sync_conflict',
  'written_since',
]);

/** Seconds until a clone that found its target busy looks again. */
const BUSY_SECONDS = 1;

/** Whether an error ends a clone for good, rather than being our own trouble that a later try gets over. */
export function isFinalError(error: unknown): boolean {
  return FINAL_CODES.has(codeOf(error));
}

/** Ends a clone that went wrong for good as `onFailure` says. */
export async function failed(
  ports: ClonePorts,
  session: Session,
  errors: readonly unknown[],
): Promise<Advance> {
  const superseding = errors.find(isOwnTrouble);
  if (superseding !== undefined) throw superseding;
  const cause = causeOf(errors);
  // The first is what most callers look at.
  const isCause = (error: unknown): boolean => outerCode(codeOf(error)) === cause;
  const sorted = [...errors.filter(isCause), ...errors.filter((error) => !isCause(error))];
  const problems = sorted.flatMap(problemsOf);
  const record = await addErrors(ports, session.record, problems);
  session.record = { ...record, notes: { ...notesOf(record), cause: { code: cause } } };
  ports.log.warn('clone failed', { cloneId: record.cloneId, code: cause, errors: problems.length });
  if (record.request.onFailure === 'keep') return end(ports, session, 'partial');
  await enter(ports, session, 'undoing');
  return { next: 'again' };
}

/** What the caller is told as the cause: the account's refusal before anything else. */
function causeOf(errors: readonly unknown[]): string {
  const codes = errors.map((error) => outerCode(codeOf(error)));
  if (codes.includes('account_unauthorized')) return 'account_unauthorized';
  return 'upstream_failed';
}

/** Before the plan is stored nothing was written: the clone is refused. Later it can always be gone on with. */
export async function afterError(ports: ClonePorts, record: CloneRecord, error: unknown): Promise<Advance> {
  if (error instanceof BusyError) return { next: 'later', seconds: BUSY_SECONDS };
  const code = codeOf(error);
  if (code === 'superseded') return { next: 'stop', status: 'superseded' };
  const isBegun = record.notes?.['pair'] !== undefined || record.origin?.kind === 'offboarding';
  const pause =
    code === 'account_not_found' && !isBegun ? secondsToWait(record, ports.clock.now()) : undefined;
  if (pause !== undefined) {
    await ports.clones.save({ ...record, heartbeatAt: new Date(ports.clock.now()).toISOString() });
    return { next: 'later', seconds: pause };
  }
  const isKnown = error instanceof RefusedError || FINAL_CODES.has(code);
  if (!isKnown) throw error;
  if (error instanceof RefusedError && error.sync) {
    await ports.clones.putPart(record.cloneId, FINDINGS_PART, error.sync);
  }
  const known = await addErrors(ports, record, problemsOf(error));
  const endedAt = new Date(ports.clock.now()).toISOString();
  const refusal = error instanceof RefusedError ? code : refusalCode(code);
  const note: JsonObject = isBegun ? { cause: { code: refusal } } : { refusal: { code: refusal } };
  const plan = error instanceof RefusedError ? error.state?.plan : undefined;
  const status = isBegun ? (record.request.onFailure === 'keep' ? 'partial' : 'failed') : 'failed';
  await ports.clones.save({
    ...known,
    status,
    endedAt,
    state: {
      ...known.state,
      ...(plan ? { plan } : {}),
      status,
      endedAt,
      progress: { ...record.state.progress, stage: isBegun ? record.state.progress.stage : 'done' },
    },
    notes: { ...notesOf(record), ...note },
  });
  ports.log.warn('clone ended by an error', { cloneId: record.cloneId, code });
  return { next: 'stop', status };
}

const REFUSAL_CODES: ReadonlySet<string> = new Set([
  'account_unauthorized',
  'account_changed',
  'account_not_found',
]);

function refusalCode(code: string): string {
  const outer = outerCode(code);
  return REFUSAL_CODES.has(outer) ? outer : 'upstream_failed';
}
