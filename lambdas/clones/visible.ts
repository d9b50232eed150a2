import type { CloneRecord } from '../../core/ports.ts';
import { type Call, callerOf } from '../http/call.ts';
import { maySee } from '../http/permission.ts';
import { ProblemError } from '../http/problem.ts';
import type { ServicePorts } from '../ports.ts';

const CLONE_ID = /^[0-9A-Za-z-]{1,64}$/;

/** The clone that the path names; `clone_not_found` also where this key may not see it. */
export async function visibleClone(
  { clones }: Pick<ServicePorts, 'clones'>,
  call: Call,
): Promise<CloneRecord> {
  const cloneId = call.event.pathParameters?.['cloneId'] ?? '';
  const record = CLONE_ID.test(cloneId) ? await clones.get(cloneId) : undefined;
  if (record === undefined || !maySee(callerOf(call), record)) {
    throw new ProblemError('clone_not_found', 'There is no such clone.');
  }
  return record;
}
