import { stamp } from './account.ts';
import { COLLECTIONS, type Document, isCollection } from './documents.ts';
import { settle } from './options.ts';
import { SandboxServer } from './server.ts';
import type { Store } from './store.ts';
import type { Sandbox, SandboxOptions } from './types.ts';
import { remove } from './write.ts';

export type { BucketOptions } from './bucket.ts';
export { COLLECTIONS, type Collection, type Document } from './documents.ts';
export { OptionError } from './errors.ts';
export { defaultAccounts } from './seed/index.ts';
export type {
  AccountStats,
  Call,
  CallVerdict,
  Fault,
  JobOutcome,
  Sandbox,
  SandboxAccount,
  SandboxOptions,
} from './types.ts';

/**
 * Starts a stand-in of integrator.io on loopback.
 *
 * @throws {OptionError} when an option is unknown or out of its range
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const server = new SandboxServer(settle(options));
  const url = await server.listen();
  const storeOf = (name: string, collection: string): Store => {
    if (!isCollection(collection)) throw new TypeError(`there is no collection ${collection}`);
    return server.account(name).store(collection);
  };
  return {
    url,
    accounts: () =>
      server.accounts().map(({ name, token, userId }) => ({ name, token: token ?? '', userId })),
    documents(name, collection) {
      const found: Document[] = [];
      for (const each of collection === undefined ? COLLECTIONS : [collection]) {
        for (const document of storeOf(name, each).documents()) found.push(structuredClone(document));
      }
      return found;
    },
    load: (name, documents) => server.account(name).load(documents),
    calls: (name) => server.journal.calls(name),
    resetCalls: () => server.journal.reset(),
    stats: (name) => structuredClone(server.journal.stats(server.account(name).name)),
    faults: server.faults,
    edit(name, collection, id, change) {
      const store = storeOf(name, collection);
      const document = store.get(id);
      if (!document) throw new TypeError(`account ${name} has no ${collection}/${id}`);
      const copy = structuredClone(document);
      change(copy);
      copy['lastModified'] = stamp(document['lastModified']);
      store.put(copy);
    },
    remove(name, collection, id) {
      if (!isCollection(collection) || !remove(server.account(name), collection, id)) {
        throw new TypeError(`account ${name} has no ${collection}/${id}`);
      }
    },
    revokeToken(name, replacement) {
      server.account(name).token = replacement;
    },
    close: () => server.close(),
  };
}
