import { applyPatch } from 'rfc6902';
import { FlowferryError } from '../model/problem.ts';
import type { Override } from '../model/request.ts';
import { type Document, isObjectId, type JsonObject, type ResourceType } from '../model/resource.ts';
import {
  DROP,
  leftovers,
  maskedPaths,
  PENDING,
  type Reference,
  rewrite,
  type TextId,
  withoutPending,
} from '../references/index.ts';
import { groupsIn } from './group-forms.ts';
import { dropHalfLinks } from './half-links.ts';

/** What a body is made of. */
export interface BodySource {
  type: ResourceType;
  sourceId: string;
  name: string;
  /** The stripped source document; not modified. */
  document: JsonObject;
}

/** How ids and values change on the way. */
export interface BodyRules {
  /** Target id of a source id; `PENDING` where it is to be left out for now; `undefined` outside the closure. */
  resolve: (sourceId: string) => string | undefined;
  /** Id of the target's flow group that takes the place of a source's. */
  resolveGroup: (groupId: string) => string | undefined;
  /** Where a flow goes that belongs to no integration. */
  homeIntegrationId: string | undefined;
  overrides: readonly Override[];
  /** Ids that must not be in the result: the closure's, but for those mapped to themselves. */
  sourceIds: ReadonlySet<string>;
}

/**
 * The document to send: references and ids in text rewritten, overrides applied, and what must wait left out.
 *
 * Throws `override_failed` where a patch does not apply, and `reference_left` where an id of the source's closure
 * would still be in it: nothing like that is ever sent.
 */
export function bodyOf(source: BodySource, rules: BodyRules): JsonObject {
  const { type } = source;
  let isPending = false;
  const rewritten = rewrite(type, source.document, (id, place) => {
    const to = resolvePlace(id, place, rules);
    isPending ||= to === PENDING;
    return to;
  }).document;
  if (type === 'flow' && !isObjectId(rewritten['_integrationId']) && rules.homeIntegrationId !== undefined) {
    rewritten['_integrationId'] = rules.homeIntegrationId;
  }
  applyOverrides(source, rewritten, rules.overrides);
  const document = isPending ? withoutPending(type, rewritten) : rewritten;
  if (type === 'flow') dropHalfLinks(source.document, document);
  const left = leftovers(type, document, rules.sourceIds);
  if (left.length > 0) throw new ReferenceLeftError(source, left);
  const masked = maskedPaths(document);
  for (const pointer of masked) {
    throw new FlowferryError(
      'masked_value',
      `${type} "${source.name}" would carry a masked value at ${pointer}.`,
      {
        problems: [
          { code: 'masked_value', message: 'a masked value', type, sourceId: source.sourceId, path: pointer },
        ],
      },
    );
  }
  return document;
}

function resolvePlace(
  id: string,
  place: Reference | TextId,
  rules: BodyRules,
): string | typeof DROP | undefined {
  if (!('row' in place)) return rules.resolve(id);
  const { kind } = place.row;
  if (kind === 'inside') return rules.resolveGroup(id) ?? DROP;
  const target = rules.resolve(id);
  if (target !== undefined) return target;
  return kind === 'alias' || kind === 'linked' ? DROP : undefined;
}

/** Whether an override is meant for this resource: it must fit every member of `select`. */
export function selects(
  override: Override,
  resource: { type: string; name: string; sourceId: string },
): boolean {
  const { select } = override;
  return (
    (select.type === undefined || select.type === resource.type) &&
    (select.name === undefined || select.name === resource.name) &&
    (select.sourceId === undefined || select.sourceId === resource.sourceId)
  );
}

function applyOverrides(source: BodySource, document: JsonObject, overrides: readonly Override[]): void {
  overrides.forEach((override, index) => {
    if (!selects(override, source)) return;
    const operations = structuredClone(override.patch) as Parameters<typeof applyPatch>[1];
    applyPatch(document, operations).forEach((error, operation) => {
      if (error === null) return;
      const path = `/overrides/${index}/patch/${operation}`;
      const message = `The override does not apply to ${source.type} "${source.name}": ${error.message || error.name}.`;
      throw new FlowferryError('override_failed', message, {
        problems: [{ code: 'override_failed', message, type: source.type, sourceId: source.sourceId, path }],
      });
    });
  });
}

/** An id of the source account's closure would have been sent to the target. */
export class ReferenceLeftError extends FlowferryError {
  constructor(source: BodySource, left: readonly { pointer: string; id: string }[]) {
    super('reference_left', `${source.type} "${source.name}" would still hold ids of the source account.`, {
      problems: left.map(({ pointer, id }) => ({
        code: 'reference_left',
        message: `the id ${id} of the source account is still there`,
        type: source.type,
        sourceId: source.sourceId,
        path: pointer,
      })),
    });
  }
}

/** Adds the flow groups that are missing, by name, and keeps those that are there with their ids. */
export function mergeGroups(existing: Document | undefined, wanted: readonly JsonObject[]): JsonObject[] {
  const groups = groupsIn(existing);
  const names = new Set(groups.map((group) => group['name']));
  return [...groups, ...wanted.filter((group) => !names.has(group['name']))];
}
