import { Adopter } from '../apply/adopt.ts';
import { Bodies } from '../apply/bodies.ts';
import type { ApplyContext } from '../apply/context.ts';
import { Intents } from '../apply/intents.ts';
import { Recorder } from '../apply/recorder.ts';
import type { Work } from '../apply/work.ts';
import type { CloneStats } from '../model/clone.ts';
import type { Problem } from '../model/problem.ts';
import { RESOURCE_TYPES, type ResourceType } from '../model/resource.ts';
import type { CloneRecord, IntentBatch, Lease } from '../ports.ts';
import type { ClonePorts } from './contract.ts';
import type { Accounts } from './read-all.ts';
import { notesOf } from './report.ts';

/** One clone as this process carries it on: what would be loaded again after a kill. */
export interface Session {
  record: CloneRecord;
  accounts: Accounts;
  work: Work;
  lease: Lease;
  context: ApplyContext;
  /** How long a create whose answer was lost is given to land, ms. */
  adoptionWaitMs: number;
  /** What could not be undone so far, by the action's index. */
  refusedUndos: Map<number, Problem>;
  /** Calls and repeats of earlier sessions. */
  earlier: CloneStats;
}

/** Puts together what carrying out needs: the plan, the lease and everything that works on them. */
export async function openSession(
  ports: ClonePorts,
  record: CloneRecord,
  accounts: Accounts,
  work: Work,
  lease: Lease,
  adoptionWaitMs: number,
  known?: readonly IntentBatch[],
): Promise<Session> {
  const { cloneId, pair } = work.header;
  const account = accounts.target;
  const intents = known ?? (await ports.ledger.intents(pair, cloneId));
  // A plan was read from the account before anything is created in it, so that its time is known by now.
  const since = Math.min(account.serverTime() ?? 0, ...intents.map(({ serverTime }) => serverTime));
  const session: Session = {
    record,
    accounts,
    work,
    lease,
    context: undefined as never,
    adoptionWaitMs,
    refusedUndos: new Map(),
    earlier: record.state.stats,
  };
  session.context = {
    account,
    ledger: ports.ledger,
    clones: ports.clones,
    clock: ports.clock,
    log: ports.log,
    work,
    lease,
    bodies: new Bodies(work, account),
    intents: new Intents(work, ports, lease, account),
    recorder: new Recorder(ports, lease, cloneId),
    adopter: new Adopter({
      account,
      ledger: ports.ledger,
      clock: ports.clock,
      pair,
      since,
      waitMs: adoptionWaitMs,
    }),
    resent: new Map(resentOf(record).map((type) => [type, ports.clock.monotonic()])),
    onResend: async () => {
      session.record = {
        ...session.record,
        notes: { ...notesOf(session.record), resent: [...session.context.resent.keys()] },
      };
      await ports.clones.save(session.record);
    },
    warn: (warning) => {
      const { state } = session.record;
      session.record = { ...session.record, state: { ...state, warnings: [...state.warnings, warning] } };
    },
  };
  for (const targetId of Object.values(work.idMap)) session.context.adopter.claim(targetId);
  // Within one account an original may look just like what was made of it.
  if (pair.source === pair.target) {
    for (const { sourceId } of work.plan.actions) session.context.adopter.claim(sourceId);
  }
  // Recorded once more: whoever died between row and event may not have come as far as to own the copy.
  for (const { event, row } of work.untold.splice(0)) session.context.recorder.add(event, row);
  return session;
}

function resentOf(record: CloneRecord): ResourceType[] {
  const { resent } = notesOf(record);
  return Array.isArray(resent) ? RESOURCE_TYPES.filter((type) => resent.includes(type)) : [];
}

/** Brings the record up to what the session knows; the calls of both accounts are added up. */
export function refreshed(session: Session, now: number): CloneRecord {
  const { record, accounts, work, earlier } = session;
  const [from, to] = [accounts.source.stats(), accounts.target.stats()];
  const { done, pending } = work.counts;
  const secondsLeft = Math.ceil(pending / accounts.target.callsPerSecond);
  return {
    ...record,
    heartbeatAt: new Date(now).toISOString(),
    state: {
      ...record.state,
      progress: { ...record.state.progress, done, pending, secondsLeft },
      stats: {
        apiCalls: {
          source: earlier.apiCalls.source + from.calls,
          target: earlier.apiCalls.target + to.calls,
        },
        retries: earlier.retries + from.retries + to.retries,
        rateLimited: earlier.rateLimited + from.rateLimited + to.rateLimited,
        durationMs: Math.max(0, now - Date.parse(record.createdAt)),
      },
    },
  };
}
