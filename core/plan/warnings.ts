import type { Entry } from '../read/entry.ts';
import { factsOf } from '../read/facts.ts';
import type { Fates } from './fate.ts';
import type { Findings } from './findings.ts';
import { patchesFor } from './input-hash.ts';
import type { PlannedAction } from './plan.ts';
import type { Snapshot } from './snapshot.ts';

/** Says what does not travel with a copy, and what a human should look at in the target. */
export function warnOfLosses(snapshot: Snapshot, fates: Fates, findings: Findings): void {
  for (const entry of snapshot.source.entries.values()) {
    const fate = fates.get(entry.id);
    if (fate?.kind !== 'create' && fate?.kind !== 'copy') continue;
    if (fate.kind === 'create') warnOfNew(entry, snapshot, findings);
    warnOfRegistered(entry, fates, findings);
    warnOfForeign(entry, findings);
    if (!snapshot.request.copySampleData) warnOfSamples(entry, findings);
    warnOfPackages(entry, snapshot, fates, findings);
  }
}

/** Says what of the target's own may get lost, since a PUT replaces the whole and can't carry it. */
export function warnOfRisks(snapshot: Snapshot, actions: readonly PlannedAction[], findings: Findings): void {
  for (const { action, type, sourceId, name, targetId } of actions) {
    const copy = action === 'update' ? snapshot.target.copies.get(targetId ?? '') : undefined;
    if (copy === undefined || type !== 'export') continue;
    for (const path of factsOf(type, copy.document).webhookSecrets ?? []) {
      findings.warn(
        'webhook_secret_at_risk',
        `Writing the copy of export "${name}" can't carry the secret of its senders at ${path}: it may have to be entered again in the target account.`,
        { type, sourceId, path },
      );
    }
  }
}

function placeOf(entry: Entry): { type: Entry['type']; sourceId: string } {
  return { type: entry.type, sourceId: entry.id };
}

function warnOfNew(entry: Entry, snapshot: Snapshot, findings: Findings): void {
  warnOfSecrets(entry, snapshot, findings);
  if (entry.type === 'lookupcache') {
    findings.warn(
      'lookup_data_not_copied',
      `The data of lookup cache "${entry.name}" is not copied.`,
      placeOf(entry),
    );
  }
  if (entry.facts.delta) {
    findings.warn(
      'delta_from_start',
      `Export "${entry.name}" knows of no last run in the target account: its first run reads from the start.`,
      placeOf(entry),
    );
  }
}

function warnOfSecrets(entry: Entry, { request }: Snapshot, findings: Findings): void {
  const patches = patchesFor(request.overrides, entry.type, entry.name, entry.id).flat();
  for (const path of entry.facts.webhookSecrets ?? []) {
    // The request gives another.
    if (patches.some((operation) => operation.path === path)) continue;
    findings.warn(
      'webhook_secret_missing',
      `The secret of export "${entry.name}" at ${path} is not copied: its senders are refused until it is entered in the target account.`,
      { ...placeOf(entry), path },
    );
  }
}

function warnOfRegistered(entry: Entry, fates: Fates, findings: Findings): void {
  for (const id of entry.facts.registered ?? []) {
    if (fates.has(id)) continue;
    findings.warn(
      'registered_connection_outside_closure',
      `Connection ${id} is registered on integration "${entry.name}", but no cloned flow uses it: it is left out.`,
      { ...placeOf(entry), path: '/_registeredConnectionIds' },
    );
  }
}

function warnOfForeign(entry: Entry, findings: Findings): void {
  for (const { pointer, what } of entry.foreignIds) {
    findings.warn(
      'foreign_system_id',
      `${entry.type} "${entry.name}" names ${what}: check that the target's system has it.`,
      {
        ...placeOf(entry),
        path: pointer,
      },
    );
  }
}

function warnOfSamples(entry: Entry, findings: Findings): void {
  for (const path of entry.facts.samples ?? []) {
    findings.warn(
      'sample_data_not_copied',
      `${path.slice(1)} of ${entry.type} "${entry.name}" may hold customers' records and is left out.`,
      {
        ...placeOf(entry),
        path,
      },
    );
  }
}

function warnOfPackages(entry: Entry, snapshot: Snapshot, fates: Fates, findings: Findings): void {
  if (!entry.facts.distributed) return;
  const connection = entry.references.find(({ pointer }) => pointer === '/_connectionId');
  const fate = fates.get(String(connection?.id));
  if (fate?.kind !== 'fixed') return;
  if (snapshot.packages.get(fate.targetId) === true) return;
  findings.warn(
    'distributed_package_missing',
    `${entry.type} "${entry.name}" runs partly inside the connected system, and the package it needs was not found behind connection ${fate.targetId}.`,
    placeOf(entry),
  );
}
