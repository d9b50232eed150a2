import { forEachConcurrently } from '../model/concurrent.ts';
import type { CloneRequest } from '../model/request.ts';
import { type Document, isObjectId, RESOURCE_TYPES, type ResourceType } from '../model/resource.ts';
import type { Account } from '../ports.ts';
import type { Reference } from '../references/index.ts';
import { type Entry, entryOf } from './entry.ts';
import { STANDALONE } from './facts.ts';
import { BULK_FROM, beginPages, fetchMany, listsWhole, type Pages } from './fetch.ts';

/** The closure as read from the source account. */
export interface SourceSnapshot {
  /** Flows the request chose that exist, by id or through their integration. */
  chosen: string[];
  entries: Map<string, Entry>;
  /** Ids that were asked for and do not exist, with the type they were asked for as. */
  missing: Map<string, ResourceType>;
  /** Scripts whose copy is known to be made from this very version; their content was not read. */
  unread: Map<string, UnreadScript>;
}

/** A script that did not change since it was copied. */
export interface UnreadScript {
  id: string;
  name: string;
  modified: string;
}

/** Finds scripts that need not be read because their `lastModified` is that of the version copied before. */
export type ScriptFilter = (ids: readonly string[]) => Promise<Map<string, UnreadScript>>;

const TYPES: ReadonlySet<string> = new Set(RESOURCE_TYPES);

/** From how many flows on it is sure that exports and imports will be read in pages. */
const EARLY_PAGES_FROM = 100;

/**
 * Reads the chosen flows and everything they need, level by level: all documents of a level are fetched at once,
 * each type by whichever way takes fewer calls. Documents that no list holds whole wait for no level.
 *
 * A dangling reference is no error here: the plan names every one of them as a blocker.
 *
 * @param onIds told of each level's ids before they are read
 */
export async function readSource(
  account: Account,
  request: CloneRequest,
  unchangedScripts: ScriptFilter,
  bulkFrom?: number,
  onIds: (ids: readonly string[]) => void = () => undefined,
): Promise<SourceSnapshot> {
  const snapshot: SourceSnapshot = {
    chosen: [],
    entries: new Map(),
    missing: new Map(),
    unread: new Map(),
  };
  const frontier = new Frontier(request, snapshot);
  const add = (type: ResourceType, document: Document): void => {
    const entry = entryOf(type, document, request);
    snapshot.entries.set(entry.id, entry);
    if (isCopied(entry, request)) for (const reference of entry.references) frontier.follow(reference);
  };

  for (const id of request.source.flowIds ?? []) frontier.want('flow', id);
  for (const id of request.source.integrationIds ?? []) frontier.want('integration', id);
  const chosen = new Set(request.source.flowIds ?? []);
  if ((request.source.integrationIds ?? []).length > 0) {
    const integrations = new Set(request.source.integrationIds);
    for await (const page of account.list('flow')) {
      for (const document of page) {
        const integrationId = document['_integrationId'];
        if (typeof integrationId !== 'string' || !integrations.has(integrationId)) continue;
        chosen.add(document._id);
        if (frontier.claim('flow', document._id)) add('flow', document);
      }
    }
  }

  const read = async (type: ResourceType, ids: ReadonlySet<string>, pages?: Pages): Promise<void> => {
    const wanted = type === 'script' ? await skipUnchanged(ids, snapshot, unchangedScripts) : ids;
    const options = { bulkFrom, pages, onLot: readAlone };
    const missing = await fetchMany(account, type, wanted, (document) => add(type, document), options);
    for (const id of missing) snapshot.missing.set(id, type);
  };
  // What has to be read one by one is asked for while the pages that tell more of it are still on their way.
  const alone: Promise<void>[] = [];
  const readAlone = (): void => {
    for (const [type, ids] of frontier.takeSome((one, count) => !listsWhole(one) && count >= BULK_FROM)) {
      onIds([...ids]);
      const reading = read(type, ids);
      reading.catch(() => undefined);
      alone.push(reading);
    }
  };
  const early = new Map<ResourceType, Pages>();
  const flows = frontier.count('flow');
  let isSureOfSteps = flows >= Math.max(EARLY_PAGES_FROM, bulkFrom ?? BULK_FROM);

  for (let level = frontier.take(); level.size > 0 || alone.length > 0; level = frontier.take()) {
    onIds([...level.values()].flatMap((ids) => [...ids]));
    const reading = forEachConcurrently(level, level.size, async ([type, ids]) => {
      const pages = early.get(type);
      early.delete(type);
      await read(type, ids, pages);
    });
    // Behind the flows, which are needed first.
    if (isSureOfSteps) {
      isSureOfSteps = false;
      for (const type of ['export', 'import'] as const) early.set(type, beginPages(account, type, 2 * flows));
    }
    await reading;
    if (level.size === 0) await Promise.all(alone.splice(0));
  }
  snapshot.chosen = [...chosen].filter((id) => snapshot.entries.has(id)).sort();
  return snapshot;
}

/**
 * The part of a closure that another request over the same selection comes to, without reading anything: what
 * `idMap` and the like map away, and what only that needs, is not in it.
 *
 * @param whole read for a request that maps nothing away
 */
export function narrowed(whole: SourceSnapshot, request: CloneRequest): SourceSnapshot {
  const snapshot: SourceSnapshot = { chosen: [], entries: new Map(), missing: new Map(), unread: new Map() };
  const frontier = new Frontier(request, snapshot);
  for (const id of request.source.flowIds ?? []) frontier.want('flow', id);
  for (const id of request.source.integrationIds ?? []) frontier.want('integration', id);
  for (const id of whole.chosen) frontier.want('flow', id);
  for (let level = frontier.take(); level.size > 0; level = frontier.take()) {
    for (const [type, ids] of level) {
      for (const id of ids) {
        const entry = whole.entries.get(id);
        if (entry === undefined) {
          snapshot.missing.set(id, type);
          continue;
        }
        snapshot.entries.set(id, entry);
        if (isCopied(entry, request)) for (const reference of entry.references) frontier.follow(reference);
      }
    }
  }
  snapshot.chosen = whole.chosen.filter((id) => snapshot.entries.has(id));
  return snapshot;
}

/** Mapped resources are used as the target has them: what they refer to in the source plays no part. */
function isCopied(entry: Entry, request: CloneRequest): boolean {
  if (Object.hasOwn(request.idMap, entry.id)) return false;
  if (entry.type === 'integration') {
    return request.target.integrationId === undefined && entry.name !== STANDALONE;
  }
  if (entry.type === 'connection') {
    return request.connections === 'stub' && !Object.hasOwn(request.connectionMap, entry.id);
  }
  return entry.type !== 'iclient' && entry.type !== 'stack' && entry.type !== 'agent';
}

async function skipUnchanged(
  ids: ReadonlySet<string>,
  snapshot: SourceSnapshot,
  unchangedScripts: ScriptFilter,
): Promise<Iterable<string>> {
  const unchanged = await unchangedScripts([...ids]);
  for (const [id, script] of unchanged) snapshot.unread.set(id, script);
  return [...ids].filter((id) => !unchanged.has(id));
}

/** What is still to be read, by type; nothing is asked for twice. */
class Frontier {
  readonly #request: CloneRequest;
  readonly #snapshot: SourceSnapshot;
  readonly #seen = new Set<string>();
  #next = new Map<ResourceType, Set<string>>();

  constructor(request: CloneRequest, snapshot: SourceSnapshot) {
    this.#request = request;
    this.#snapshot = snapshot;
  }

  /** Takes the right to read an id; `false` when it was taken before. */
  claim(type: ResourceType, id: string): boolean {
    this.#next.get(type)?.delete(id);
    if (this.#snapshot.entries.has(id)) return false;
    this.#seen.add(id);
    return true;
  }

  want(type: ResourceType, id: string): void {
    if (this.#seen.has(id)) return;
    this.#seen.add(id);
    const ids = this.#next.get(type);
    if (ids) ids.add(id);
    else this.#next.set(type, new Set([id]));
  }

  follow(reference: Reference): void {
    const { kind } = reference.row;
    if (!reference.valid || !isObjectId(reference.id)) return;
    if (kind !== 'needs' && kind !== 'mapped' && kind !== 'linked') return;
    if (kind === 'linked' && this.#request.linkedFlows === 'drop') return;
    if (!TYPES.has(reference.to)) return;
    // Of a mapped integration the names of its flow groups are needed all the same.
    if (Object.hasOwn(this.#request.idMap, reference.id) && reference.to !== 'integration') return;
    this.want(reference.to as ResourceType, reference.id);
  }

  /** How many of a type are still to be read. */
  count(type: ResourceType): number {
    return this.#next.get(type)?.size ?? 0;
  }

  /** Those types of what is still to be read that are chosen by type and number. */
  takeSome(isChosen: (type: ResourceType, count: number) => boolean): Map<ResourceType, Set<string>> {
    const some = new Map([...this.#next].filter(([type, ids]) => isChosen(type, ids.size)));
    for (const type of some.keys()) this.#next.delete(type);
    return some;
  }

  /** All that is still to be read. */
  take(): Map<ResourceType, Set<string>> {
    const level = new Map([...this.#next].filter(([, ids]) => ids.size > 0));
    this.#next = new Map();
    return level;
  }
}
