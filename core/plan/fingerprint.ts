import { hashOf } from '../model/canonical.ts';
import type { Problem } from '../model/problem.ts';
import type { CloneRequest } from '../model/request.ts';
import type { Document, Json } from '../model/resource.ts';
import type { LedgerRow } from '../ports.ts';
import type { Copy } from '../read/copies.ts';
import type { Snapshot } from './snapshot.ts';
import { storedHashOf } from './stored.ts';

/** Characters of each part; enough that two different worlds never look alike. */
const LENGTH = 20;

const PARTS = ['options', 'source', 'target'] as const;

/**
 * Names the plan by what it was made from: `v1.<options>.<source>.<target>`. Each part changes with its own side
 * alone, so that a plan that no longer fits can say what moved.
 */
export function fingerprintOf(snapshot: Snapshot): string {
  const { source, target } = snapshot;
  const sources: Json = [...source.entries.values()]
    .map((entry): Json => [entry.id, entry.hash, entry.facts.disabled ?? null])
    .concat([...source.unread.values()].map((script): Json => [script.id, script.modified]))
    .concat([...source.missing.keys()].map((id): Json => [id, null]))
    .sort(byFirst);
  const rows: Json = [...target.rows.values()]
    .map((row): Json => {
      const copy = target.copies.get(row.targetId);
      return [row.sourceId, row.targetId, row.appliedHash, copy ? standOf(row, copy) : null];
    })
    .sort(byFirst);
  const ours = new Set([...target.rows.values()].map(({ targetId }) => targetId));
  const adopted: Json = [...target.copies]
    .filter(([id]) => !ours.has(id))
    .map(([id, copy]): Json => [id, copy.document['lastModified'] ?? ''])
    .sort(byFirst);
  const mapped: Json = [...target.mapped]
    .map(([id, document]): Json => [id, document['type'] ?? '', groupsIn(document)])
    .sort(byFirst);
  const named: Json = (target.connections ?? []).map(({ id, name }): Json => [id, name]).sort(byFirst);
  const beside: Json[] = [...(target.neighbours ?? [])].map(([id, { targetId }]): Json => [id, targetId]);
  const targets: Json = [snapshot.pair.target, rows, adopted, mapped, named, ...beside.sort(byFirst)];
  const parts = [optionsOf(snapshot.request), [snapshot.pair.source, sources], targets];
  return ['v1', ...parts.map((part) => hashOf(part).slice(0, LENGTH))].join('.');
}

/**
 * How a copy stands, whatever moved its time: enabling a flow does, and changes nothing in a plan. One that nobody has
 * touched is as its row says, without its content.
 */
function standOf(row: LedgerRow, { asApplied, document }: Copy): Json {
  if (row.storedHash === undefined) return document['lastModified'] ?? '';
  return [asApplied ? row.storedHash : storedHashOf(row.type, document), groupsIn(document)];
}

/** Names of the flow groups of an integration, the part of it that a clone may add to. */
function groupsIn({ flowGroupings }: Document): Json {
  if (!Array.isArray(flowGroupings)) return null;
  return flowGroupings.map((group) =>
    typeof group === 'object' && group !== null && !Array.isArray(group) ? (group['name'] ?? null) : null,
  );
}

/** The options that change what is written; how fast, and who is told, do not. */
function optionsOf(request: CloneRequest): Json {
  const { dryRun, planFingerprint, callbackUrl, rateShare, onFailure, ...options } = request;
  const { account, flowIds, integrationIds } = options.source;
  const source = { account, flowIds: sorted(flowIds), integrationIds: sorted(integrationIds) };
  return { ...options, source } as unknown as Json;
}

/** The ids that were chosen, whatever order they were named in. */
function sorted(ids: readonly string[] = []): string[] {
  return [...new Set(ids)].sort();
}

function byFirst(a: Json, b: Json): number {
  const [left, right] = [String((a as Json[])[0]), String((b as Json[])[0])];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** What differs between the plan the caller saw and the one that would be carried out now. */
export function whatMoved(seen: string, now: string): Problem[] {
  const [version, ...before] = seen.split('.');
  const after = now.split('.').slice(1);
  if (version !== 'v1' || before.length !== PARTS.length) {
    return [
      { code: 'plan_changed', message: 'This is not a fingerprint of a plan.', path: '/planFingerprint' },
    ];
  }
  return PARTS.flatMap((part, index) =>
    before[index] === after[index]
      ? []
      : [
          {
            code: 'plan_changed',
            message: `The ${part} changed since the plan was shown.`,
            path: '/planFingerprint',
          },
        ],
  );
}
