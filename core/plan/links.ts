import { isObjectId, RESOURCE_TYPES } from '../model/resource.ts';
import type { Entry } from '../read/entry.ts';
import type { Reference } from '../references/index.ts';
import type { Fates } from './fate.ts';
import type { Findings } from './findings.ts';
import { groupIdThere, mayAddGroups, type SourceGroup } from './groups.ts';
import { isKept } from './reach.ts';
import type { Snapshot } from './snapshot.ts';

/** One resource of the closure names another of it. */
export interface Link {
  from: string;
  to: string;
  /** Can be written after both exist. */
  soft: boolean;
}

const TYPES: ReadonlySet<string> = new Set(RESOURCE_TYPES);

/**
 * Follows every reference and every id in text of the resources that are copied. A reference that resolves to
 * nothing is a blocker with its path; nothing passes through silently.
 */
export function linksOf(
  snapshot: Snapshot,
  fates: Fates,
  groups: ReadonlyMap<string, SourceGroup>,
  findings: Findings,
): Link[] {
  const links: Link[] = [];
  for (const entry of snapshot.source.entries.values()) {
    const fate = fates.get(entry.id);
    if (fate?.kind !== 'create' && fate?.kind !== 'copy') continue;
    if (isKept(snapshot, fates, entry.id)) continue;
    for (const reference of entry.references)
      followReference(entry, reference, groups, snapshot, fates, findings, links);
    followText(entry, snapshot, fates, findings, links);
  }
  return links;
}

function followReference(
  entry: Entry,
  reference: Reference,
  groups: ReadonlyMap<string, SourceGroup>,
  snapshot: Snapshot,
  fates: Fates,
  findings: Findings,
  links: Link[],
): void {
  const place = { type: entry.type, sourceId: entry.id, path: reference.pointer };
  const where = `${entry.type} "${entry.name}"`;
  const { id, row } = reference;
  if (!reference.valid || !isObjectId(id)) {
    const message = `${where} holds ${shown(id)} where the id of a ${reference.to} belongs.`;
    findings.block('unresolved_reference', message, place);
    return;
  }
  if (row.kind === 'inside') {
    followGroup(entry, id, groups.get(id), snapshot, fates, findings, links, place);
    return;
  }
  const fate = fates.get(id);
  if (fate && TYPES.has(reference.to) && fate.type !== reference.to) {
    const message = `${where} names ${id} as ${reference.to}, but it is of type ${fate.type}.`;
    findings.block('unresolved_reference', message, place);
    return;
  }
  if (fate) {
    links.push({ from: entry.id, to: id, soft: row.deferrable === true });
    return;
  }
  if (row.kind === 'alias') {
    findings.warn(
      'alias_outside_closure',
      `${where} has an alias for the ${reference.to} ${id}, which is not cloned: the alias is left out.`,
      place,
    );
    return;
  }
  if (row.kind === 'linked' && snapshot.request.linkedFlows === 'drop') {
    findings.warn(
      'link_dropped',
      `${where} names the ${reference.to} ${id}, which is not cloned: the link is left out.`,
      place,
    );
    return;
  }
  // Celigo's own iClients are the same in every account, and in no account's list.
  if (reference.to === 'iclient' && entry.type === 'connection') return;
  if (!TYPES.has(reference.to)) {
    findings.block(
      'unsupported_type',
      `${where} needs the ${reference.to} ${id}, and such resources are not cloned: map it in idMap.`,
      place,
    );
    return;
  }
  findings.block(
    'unresolved_reference',
    `${where} names the ${reference.to} ${id}, which the source account does not have.`,
    place,
  );
}

function followGroup(
  entry: Entry,
  id: string,
  group: SourceGroup | undefined,
  snapshot: Snapshot,
  fates: Fates,
  findings: Findings,
  links: Link[],
  place: { type: Entry['type']; sourceId: string; path: string },
): void {
  const where = `${entry.type} "${entry.name}"`;
  if (!group) {
    const message = `${where} is in the flow group ${id}, which its integration does not have.`;
    findings.warn('flow_group_missing', message, place);
    return;
  }
  links.push({ from: entry.id, to: group.integrationId, soft: false });
  if (mayAddGroups(snapshot, fates, group.integrationId)) return;
  if (groupIdThere(snapshot, fates, group) !== undefined) return;
  findings.warn(
    'flow_group_missing',
    `${where} is in the flow group "${group.name}", which the target's integration lacks and which is not added to it.`,
    place,
  );
}

function followText(entry: Entry, snapshot: Snapshot, fates: Fates, findings: Findings, links: Link[]): void {
  for (const text of entry.textIds) {
    const place = { type: entry.type, sourceId: entry.id, path: text.pointer, line: text.line };
    const where = `${entry.type} "${entry.name}"${text.line === undefined ? '' : `, line ${text.line}`}`;
    const fate = fates.get(text.id);
    if (fate) {
      if (fate.kind === 'fixed' && fate.targetId === text.id) continue;
      links.push({ from: entry.id, to: text.id, soft: true });
      findings.warn(
        'id_rewritten_in_text',
        `The id ${text.id} in the text of ${where} is rewritten to the copy's.`,
        place,
      );
      continue;
    }
    const known = text.claims !== undefined || snapshot.strays.has(text.id);
    if (!known) continue;
    findings.warn(
      'leftover_source_id',
      `The id ${text.id} in the text of ${where} is one of the source account outside of what is cloned: it is left as it is.`,
      place,
    );
  }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
