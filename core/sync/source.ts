import { checkBinding } from '../clone/read-all.ts';
import { SOURCE_PART } from '../clone/read-sync.ts';
import { cloneRequest } from '../model/request.ts';
import type { Account } from '../ports.ts';
import { SYNC_BULK_FROM } from '../read/fetch.ts';
import { type FrozenEntry, freeze, freezeEntry, thawEntry } from '../read/frozen.ts';
import { readSource, type ScriptFilter, type UnreadScript } from '../read/source.ts';
import { findStrays } from '../read/strays.ts';
import type { SyncPorts } from './contract.ts';
import { memoryOf } from './names.ts';
import type { SyncRun } from './run.ts';

/** Name of the stored part that holds a sync's scripts as it last read them. */
const SCRIPTS_PART = 'scripts';

/**
 * Reads the source once for all targets of a run and stores it. Scripts are whole only when read one by one: those
 * that did not change since the last run are taken from it.
 *
 * @returns the ledger's key of the source account
 */
export async function readOnce(ports: SyncPorts, run: SyncRun): Promise<string> {
  const { definition } = run;
  const account = await ports.accounts.open(definition.source.account, { rateShare: definition.rateShare });
  const { key } = await account.identity();
  await checkBinding(ports, account.name, key);
  const request = cloneRequest.parse({
    source: definition.source,
    target: { account: definition.source.account },
    rateShare: definition.rateShare,
  });
  const memory = memoryOf(run.sync);
  const known = new Map(
    ((await ports.clones.getPart<FrozenEntry[]>(memory, SCRIPTS_PART)) ?? []).map((entry) => [
      entry.id,
      entry,
    ]),
  );
  const source = await readSource(account, request, unchangedScripts(account, known), SYNC_BULK_FROM);
  for (const id of source.unread.keys()) {
    const entry = known.get(id);
    if (entry) source.entries.set(id, thawEntry(entry));
  }
  source.unread.clear();
  const strays = await findStrays(account, source);
  const scripts = [...source.entries.values()].filter(({ type }) => type === 'script').map(freezeEntry);
  await Promise.all([
    ports.clones.putPart(run.runId, SOURCE_PART, freeze(source, strays)),
    ...(scripts.length > 0 ? [ports.clones.putPart(memory, SCRIPTS_PART, scripts)] : []),
    ports.bindings.bind(account.name, key),
  ]);
  return key;
}

function unchangedScripts(account: Account, known: ReadonlyMap<string, FrozenEntry>): ScriptFilter {
  return async (ids) => {
    const unchanged = new Map<string, UnreadScript>();
    const wanted = new Set(ids.filter((id) => known.get(id)?.modified !== undefined));
    if (wanted.size < SYNC_BULK_FROM) return unchanged;
    for await (const page of account.list('script', { include: ['lastModified'] })) {
      for (const { _id, lastModified } of page) {
        const entry = wanted.delete(_id) ? known.get(_id) : undefined;
        if (entry?.modified === undefined || entry.modified !== lastModified) continue;
        unchanged.set(_id, { id: _id, name: entry.name, modified: entry.modified });
      }
      if (wanted.size === 0) break;
    }
    return unchanged;
  };
}
