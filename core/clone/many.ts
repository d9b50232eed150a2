import type { Problem } from '../model/problem.ts';
import type { CloneRecord } from '../ports.ts';
import type { ClonePorts } from './contract.ts';

/** How many problems stand in the record itself, which is small and written often. */
const MOST_IN_RECORD = 100;

/** The part that holds all problems of a clone that has more than fit its record. */
const ERRORS_PART = 'errors';

/** Adds problems to a record; where they are many, all of them go into a part of their own. */
export async function addErrors(
  ports: ClonePorts,
  record: CloneRecord,
  problems: readonly Problem[],
): Promise<CloneRecord> {
  const errors = [...(await allErrors(ports, record)), ...problems];
  if (errors.length > MOST_IN_RECORD) await ports.clones.putPart(record.cloneId, ERRORS_PART, errors);
  return { ...record, state: { ...record.state, errors: errors.slice(0, MOST_IN_RECORD) } };
}

/** Every problem of a clone, however many. */
export async function allErrors(ports: Pick<ClonePorts, 'clones'>, record: CloneRecord): Promise<Problem[]> {
  const { errors } = record.state;
  if (errors.length < MOST_IN_RECORD) return errors;
  return (await ports.clones.getPart<Problem[]>(record.cloneId, ERRORS_PART)) ?? errors;
}
