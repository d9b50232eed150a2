import { emptyState } from '../clone/record.ts';
import type { CloneRequest } from '../model/request.ts';
import type { CloneRecord } from '../ports.ts';

/** In the place of a source account's name: the copies of every account are meant. */
export const EVERY_SOURCE = '*';

/** The record of an offboarding that is about to start: like a clone to all who list, poll, resume or cancel it. */
export function newOffboardingRecord(input: {
  cloneId: string;
  keyId: string;
  /** The account to be cleared. */
  account: string;
  /** Whose copies are meant; left out: everybody's. */
  source?: string | undefined;
  createdAt: string;
}): CloneRecord {
  const { cloneId, keyId, account, source, createdAt } = input;
  const request: CloneRequest = {
    source: { account: source ?? account },
    target: { account },
    connectionMap: {},
    idMap: {},
    adopt: {},
    connections: 'mapped',
    onExisting: 'keep',
    onFailure: 'rollback',
    activate: false,
    run: false,
    linkedFlows: 'drop',
    copySampleData: false,
    overrides: [],
    rateShare: 0.95,
    dryRun: false,
  };
  return {
    cloneId,
    keyId,
    request,
    status: 'running',
    attempt: 1,
    state: { cloneId, ...emptyState(request, 'running', 'undoing'), createdAt },
    origin: { kind: 'offboarding', name: source ?? EVERY_SOURCE },
    createdAt,
  };
}
