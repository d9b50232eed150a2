import { nameOf, RESOURCE_TYPES, type ResourceType } from '../model/resource.ts';
import type { Entry } from '../read/entry.ts';
import { STANDALONE } from '../read/facts.ts';
import type { Named } from '../read/target.ts';
import { isKnownAdaptor } from './adaptors.ts';
import type { Fate, Fates } from './fate.ts';
import type { Findings } from './findings.ts';
import { isSameAccount, type Snapshot } from './snapshot.ts';

/** Types that are never cloned: the target's own take their place. */
const MAPPED: ReadonlySet<ResourceType> = new Set(['connection', 'iclient', 'stack', 'agent']);

/** How many candidates a blocker suggests. */
const MOST_CANDIDATES = 10;

const TYPES: ReadonlySet<string> = new Set(RESOURCE_TYPES);

/** Decides for every resource of the closure whether it is used, copied anew, or there already. */
export function decideFates(snapshot: Snapshot, findings: Findings): Fates {
  const fates: Fates = new Map();
  for (const entry of snapshot.source.entries.values()) {
    if (Object.hasOwn(snapshot.request.idMap, entry.id)) continue;
    fates.set(entry.id, fateOf(entry, snapshot, findings));
  }
  refuseShared(snapshot, fates, findings);
  refuseUsedAsIs(snapshot, fates, findings);
  requireHome(snapshot, findings);
  for (const script of snapshot.source.unread.values()) {
    const row = snapshot.target.rows.get(script.id);
    const copy = row && snapshot.target.copies.get(row.targetId);
    if (row && copy)
      fates.set(script.id, { kind: 'copy', type: 'script', targetId: row.targetId, row, copy });
  }
  mapExplicitly(snapshot, fates, findings);
  for (const [id, { type, targetId, name }] of snapshot.target.neighbours ?? []) {
    if (!fates.has(id)) fates.set(id, { kind: 'fixed', type, targetId, name });
  }
  return fates;
}

function fateOf(entry: Entry, snapshot: Snapshot, findings: Findings): Fate {
  if (MAPPED.has(entry.type)) return mappedFate(entry, snapshot, findings);
  const fixed = entry.type === 'integration' ? fixedIntegration(entry, snapshot, findings) : undefined;
  if (fixed) return fixed;
  if (!isClonable(entry, findings)) return { kind: 'blocked', type: entry.type };
  const row = snapshot.target.rows.get(entry.id);
  const copy = row && snapshot.target.copies.get(row.targetId);
  if (row && copy)
    return existing(
      entry,
      { kind: 'copy', type: entry.type, targetId: row.targetId, row, copy },
      snapshot,
      findings,
    );
  if (row) {
    findings.warn(
      'copy_recreated',
      `The copy ${row.targetId} of ${entry.type} "${entry.name}" is gone from the target account: it is made again.`,
      { type: entry.type, sourceId: entry.id },
    );
  }
  return adoptedFate(entry, snapshot, findings) ?? { kind: 'create', type: entry.type, stub: false };
}

function existing(entry: Entry, fate: Fate & { kind: 'copy' }, snapshot: Snapshot, findings: Findings): Fate {
  if (snapshot.request.onExisting === 'fail') {
    findings.block(
      'already_exists',
      `${entry.type} "${entry.name}" was cloned before: its copy is ${fate.targetId}.`,
      { type: entry.type, sourceId: entry.id },
    );
  }
  return fate;
}

function isClonable(entry: Entry, findings: Findings): boolean {
  const place = { type: entry.type, sourceId: entry.id };
  if (entry.facts.managed) {
    findings.block(
      'managed_resource',
      `${entry.type} "${entry.name}" belongs to an integration app: only its publisher can copy it.`,
      { ...place, path: '/_connectorId' },
    );
    return false;
  }
  if (entry.type === 'api') {
    findings.block('unsupported_type', `APIs are not cloned: map "${entry.name}" in idMap.`, place);
    return false;
  }
  if (entry.facts.bothShapes) {
    findings.block(
      'unsupported_type',
      `Flow "${entry.name}" has both pageProcessors and routers, which integrator.io refuses.`,
      { ...place, path: '/routers' },
    );
    return false;
  }
  const isStep = entry.type === 'export' || entry.type === 'import';
  if (isStep && !isKnownAdaptor(entry.type, entry.facts.adaptorType)) {
    findings.block(
      'unsupported_type',
      `${entry.type} "${entry.name}" is of the unknown adaptor type ${JSON.stringify(entry.facts.adaptorType)}.`,
      { ...place, path: '/adaptorType' },
    );
    return false;
  }
  return true;
}

function fixedIntegration(entry: Entry, snapshot: Snapshot, findings: Findings): Fate | undefined {
  const { integrationId } = snapshot.request.target;
  if (integrationId !== undefined) {
    const document = snapshot.target.mapped.get(integrationId);
    return document
      ? { kind: 'fixed', type: 'integration', targetId: integrationId, name: nameOf(document) }
      : { kind: 'blocked', type: 'integration' };
  }
  if (entry.name !== STANDALONE) return undefined;
  const { standalone } = snapshot.target;
  if (standalone) return { kind: 'fixed', type: 'integration', targetId: standalone._id, name: STANDALONE };
  findings.block(
    'integration_not_found',
    'The target account has no "Standalone flows" integration for flows that belong to none: name one in target.integrationId.',
    { type: 'integration', sourceId: entry.id },
  );
  return { kind: 'blocked', type: 'integration' };
}

/** Two originals can't have one copy: each clone would overwrite what the other wrote. */
function refuseShared(snapshot: Snapshot, fates: Fates, findings: Findings): void {
  const copies = [...fates].filter(([, fate]) => fate.kind === 'copy');
  const byTarget = Map.groupBy(copies, ([, fate]) => ('targetId' in fate ? fate.targetId : ''));
  for (const [targetId, sharing] of byTarget) {
    if (sharing.length < 2) continue;
    for (const [sourceId, fate] of sharing) {
      const name = snapshot.source.entries.get(sourceId)?.name ?? sourceId;
      findings.block(
        'ambiguous_match',
        `${fate.type} "${name}" is one of ${sharing.length} that would all have ${targetId} as their copy: name one each in adopt.`,
        { type: fate.type, sourceId },
      );
    }
  }
}

/** What `idMap` says to use as it is must not be a copy that is written. */
function refuseUsedAsIs(snapshot: Snapshot, fates: Fates, findings: Findings): void {
  const { idMap, onExisting } = snapshot.request;
  const asIs = new Map(Object.entries(idMap).map(([sourceId, targetId]) => [targetId, sourceId]));
  for (const [sourceId, fate] of fates) {
    if (fate.kind !== 'copy' || (onExisting === 'keep' && fate.row !== undefined)) continue;
    const mapped = asIs.get(fate.targetId);
    if (mapped === undefined) continue;
    const name = snapshot.source.entries.get(sourceId)?.name ?? sourceId;
    findings.block(
      'ambiguous_match',
      `${fate.targetId} is the copy of ${fate.type} "${name}" and would be written, but idMap uses it as it is for ${mapped}.`,
      { type: fate.type, sourceId, path: `/idMap/${mapped}` },
    );
  }
}

/** A flow that belongs to no integration needs one all the same. */
function requireHome(snapshot: Snapshot, findings: Findings): void {
  const { request, source, target } = snapshot;
  if (request.target.integrationId !== undefined || target.standalone !== undefined) return;
  for (const entry of source.entries.values()) {
    if (entry.type !== 'flow' || Object.hasOwn(request.idMap, entry.id)) continue;
    if (entry.references.some(({ pointer }) => pointer === '/_integrationId')) continue;
    findings.block(
      'integration_not_found',
      `Flow "${entry.name}" belongs to no integration, and the target account has no "${STANDALONE}": name one in target.integrationId.`,
      { type: 'flow', sourceId: entry.id, path: '/_integrationId' },
    );
  }
}

function adoptedFate(entry: Entry, snapshot: Snapshot, findings: Findings): Fate | undefined {
  const { adopt } = snapshot.request;
  if (adopt === 'match-name') {
    const matches = (snapshot.target.adoptable?.get(entry.type) ?? []).filter(
      ({ name }) => name === entry.name,
    );
    if (matches.length > 1) {
      findings.block(
        'ambiguous_match',
        `${matches.length} resources of the target are named like ${entry.type} "${entry.name}": name one in adopt.`,
        { type: entry.type, sourceId: entry.id, candidates: candidates(matches) },
      );
      return { kind: 'blocked', type: entry.type };
    }
    const only = matches[0];
    const copy = only && snapshot.target.copies.get(only.id);
    if (!only || !copy) return undefined;
    return existing(
      entry,
      { kind: 'copy', type: entry.type, targetId: only.id, row: undefined, copy },
      snapshot,
      findings,
    );
  }
  const targetId = Object.hasOwn(adopt, entry.id) ? adopt[entry.id] : undefined;
  if (targetId === undefined) return undefined;
  const copy = snapshot.target.copies.get(targetId);
  const place = { type: entry.type, sourceId: entry.id, path: `/adopt/${entry.id}` };
  const isOriginal = isSameAccount(snapshot) && snapshot.source.entries.has(targetId);
  if (copy && (isOriginal || snapshot.target.owned?.has(targetId))) {
    const whose = isOriginal ? 'an original of what is cloned' : 'the copy of another resource already';
    findings.block('ambiguous_match', `${targetId} can't be adopted: it is ${whose}.`, place);
    return { kind: 'blocked', type: entry.type };
  }
  if (copy) {
    return existing(
      entry,
      { kind: 'copy', type: entry.type, targetId, row: undefined, copy },
      snapshot,
      findings,
    );
  }
  findings.block('target_not_found', `The target account has no ${entry.type} ${targetId} to adopt.`, place);
  return { kind: 'blocked', type: entry.type };
}

function mappedFate(entry: Entry, snapshot: Snapshot, findings: Findings): Fate {
  const { request, target } = snapshot;
  if (entry.type === 'connection' && Object.hasOwn(request.connectionMap, entry.id)) {
    return mappedConnection(entry, request.connectionMap[entry.id] ?? '', snapshot, findings);
  }
  const row = target.rows.get(entry.id);
  const copy = row && target.copies.get(row.targetId);
  if (row && copy) return { kind: 'copy', type: entry.type, targetId: row.targetId, row, copy };
  if (isSameAccount(snapshot))
    return { kind: 'fixed', type: entry.type, targetId: entry.id, name: entry.name };
  if (entry.type === 'connection') return openConnection(entry, snapshot, findings);
  findings.block('unresolved_reference', `${entry.type} "${entry.name}" is never cloned: map it in idMap.`, {
    type: entry.type,
    sourceId: entry.id,
  });
  return { kind: 'blocked', type: entry.type };
}

function mappedConnection(entry: Entry, targetId: string, snapshot: Snapshot, findings: Findings): Fate {
  const place = { type: entry.type, sourceId: entry.id, path: `/connectionMap/${entry.id}` };
  const document = snapshot.target.mapped.get(targetId);
  if (!document) {
    findings.block('target_not_found', `The target account has no connection ${targetId}.`, place);
    return { kind: 'blocked', type: entry.type };
  }
  const wanted = entry.facts.connectionType;
  if (wanted !== undefined && document['type'] !== wanted) {
    findings.block(
      'connection_type_mismatch',
      `Connection "${entry.name}" is of type ${wanted}, but ${targetId} "${nameOf(document)}" is of type ${String(document['type'])}.`,
      place,
    );
    return { kind: 'blocked', type: entry.type };
  }
  return { kind: 'fixed', type: entry.type, targetId, name: nameOf(document) };
}

function openConnection(entry: Entry, snapshot: Snapshot, findings: Findings): Fate {
  if (snapshot.request.connections === 'stub') return { kind: 'create', type: 'connection', stub: true };
  const all = snapshot.target.connections ?? [];
  const sameType = all.filter(({ connectionType }) => connectionType === entry.facts.connectionType);
  const matches = sameType.filter(({ name }) => name === entry.name);
  const place = { type: entry.type, sourceId: entry.id };
  const what = `connection "${entry.name}" (${entry.facts.connectionType ?? 'of unknown type'})`;
  if (snapshot.request.connections === 'match-name') {
    const only = matches.length === 1 ? matches[0] : undefined;
    if (only) return { kind: 'fixed', type: entry.type, targetId: only.id, name: only.name };
    if (matches.length > 1) {
      findings.block(
        'ambiguous_match',
        `${matches.length} connections of the target have the name and type of ${what}: map one in connectionMap.`,
        { ...place, candidates: candidates(matches) },
      );
      return { kind: 'blocked', type: entry.type };
    }
  }
  const suggested = [...matches, ...sameType.filter(({ name }) => name !== entry.name)];
  findings.block('connection_unmapped', `Nothing in connectionMap says what takes the place of ${what}.`, {
    ...place,
    candidates: candidates(suggested),
  });
  return { kind: 'blocked', type: entry.type };
}

function candidates(named: readonly Named[]): { id: string; name: string }[] {
  return named.slice(0, MOST_CANDIDATES).map(({ id, name }) => ({ id, name }));
}

/** What the request maps by hand goes before everything else. */
function mapExplicitly(snapshot: Snapshot, fates: Fates, findings: Findings): void {
  const { request, source, target } = snapshot;
  const { integrationId } = request.target;
  if (integrationId !== undefined && !target.mapped.has(integrationId)) {
    findings.block('target_not_found', `The target account has no integration ${integrationId}.`, {
      path: '/target/integrationId',
    });
  }
  const used = new Map<string, string>();
  for (const entry of source.entries.values()) {
    for (const reference of entry.references) {
      if (reference.valid) used.set(String(reference.id), reference.to);
    }
  }
  for (const [map, path] of [
    [request.idMap, 'idMap'],
    [request.connectionMap, 'connectionMap'],
  ] as const) {
    for (const [sourceId, targetId] of Object.entries(map)) {
      const type = source.entries.get(sourceId)?.type ?? used.get(sourceId);
      if (type === undefined) {
        findings.warn('map_entry_unused', `Nothing in the closure refers to ${sourceId}.`, {
          path: `/${path}/${sourceId}`,
        });
        continue;
      }
      if (path === 'connectionMap' && (fates.has(sourceId) || type !== 'connection')) continue;
      if (!TYPES.has(type)) {
        fates.set(sourceId, { kind: 'fixed', type: 'api', targetId, name: targetId });
        continue;
      }
      const document = target.mapped.get(targetId);
      if (document) {
        fates.set(sourceId, { kind: 'fixed', type: type as ResourceType, targetId, name: nameOf(document) });
        continue;
      }
      fates.set(sourceId, { kind: 'blocked', type: type as ResourceType });
      findings.block('target_not_found', `The target account has no ${type} ${targetId}.`, {
        type: type as ResourceType,
        sourceId,
        path: `/${path}/${sourceId}`,
      });
    }
  }
  if (typeof request.adopt === 'object') {
    for (const sourceId of Object.keys(request.adopt)) {
      if (fates.has(sourceId)) continue;
      findings.warn('map_entry_unused', `Nothing in the closure refers to ${sourceId}.`, {
        path: `/adopt/${sourceId}`,
      });
    }
  }
}
