import type { EventType } from '../../adapters/events/index.ts';
import type { JsonObject } from '../../core/model/resource.ts';
import type { CloneRecord } from '../../core/ports.ts';

/** More codes or connections than a rule can look at; an event has an end. */
const MAX_ENTRIES = 50;

/** The event of a clone that has come to rest; `undefined` for one whose rest is nobody's news. */
export function cloneEventOf(record: CloneRecord): { type: EventType; detail: JsonObject } | undefined {
  // A sync that only reports has made no clone.
  if (record.order?.mode === 'report') return undefined;
  const type = typeOf(record);
  return type && { type, detail: detailOf(record) };
}

function typeOf({ status, state }: CloneRecord): EventType | undefined {
  switch (status) {
    case 'succeeded':
      return 'Clone Succeeded';
    case 'waiting':
      return 'Clone Waiting';
    case 'failed':
    case 'partial':
      return 'Clone Failed';
    case 'rolled-back':
      // Undone because somebody asked for it: that is no failure.
      return state.errors.length > 0 ? 'Clone Failed' : undefined;
    default:
      return undefined;
  }
}

/** Ids, names, codes and counts: messages may quote documents. */
function detailOf({ cloneId, status, state, origin, createdAt, endedAt }: CloneRecord): JsonObject {
  return {
    cloneId,
    status,
    source: { account: state.source.account },
    target: { account: state.target.account },
    ...(origin === undefined ? {} : { origin: { kind: origin.kind, name: origin.name } }),
    ...(state.plan === undefined ? {} : { counts: { ...state.plan.counts } }),
    errors: [...new Set(state.errors.map(({ code }) => code))].slice(0, MAX_ENTRIES),
    pendingAuthorizations: state.pendingAuthorizations.slice(0, MAX_ENTRIES).map(({ connectionId }) => ({
      connectionId,
    })),
    createdAt,
    ...(endedAt === undefined ? {} : { endedAt }),
  };
}
