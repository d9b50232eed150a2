import { type Call, type Document, type Sandbox, startSandbox } from '../../sandbox/index.ts';
import { sourceDocuments, targetDocuments } from '../blueprint.ts';
import { accountOf, SOURCE } from '../tenants.ts';
import { answerParent } from './messages.ts';

/** What the sandbox of many tenants starts with. */
export interface TenantsStart {
  flows: number;
  tenants: number;
  latencyMs: number;
}

/** What one account, or several together, were asked. */
export interface Asked {
  calls: number;
  /** Calls for pages of a collection, for single documents, and such that change something. */
  pages: number;
  reads: number;
  writes: number;
  rateLimited: number;
  /** Reads that were asked more than once. */
  repeated: number;
}

const COLLECTION = /^\/v1\/[a-zA-Z]+$/;

/** What a tenant calls its own in the documents it edits. */
const OWN = '/own/orders';

let sandbox: Sandbox | undefined;
let flows = 0;

function running(): Sandbox {
  if (sandbox === undefined) throw new Error('the sandbox was not started');
  return sandbox;
}

function askedOf(account: string): Asked {
  const calls = running().calls(account);
  const gets = calls.filter(({ method, path }) => method === 'GET' && path !== '/v1/tokenInfo');
  const pages = gets.filter(({ path }) => COLLECTION.test(path)).length;
  return {
    calls: calls.length,
    pages,
    reads: gets.length - pages,
    writes: calls.filter(({ method }) => method !== 'GET').length,
    rateLimited: calls.filter(({ status }) => status === 429).length,
    repeated: gets.length - new Set(gets.map(placeOf)).size,
  };
}

function placeOf({ path, query }: Call): string {
  return `${path}?${query}`;
}

function firstExports(count: number): Document[] {
  return running().documents(SOURCE, 'exports').slice(0, count);
}

answerParent({
  start: async (options: TenantsStart) => {
    flows = options.flows;
    const tenants = Array.from({ length: options.tenants }, (_, number) => ({
      name: accountOf(number),
      token: `token-of-${accountOf(number)}`,
      userId: `user-${accountOf(number)}`,
      documents: targetDocuments(),
    }));
    const source = { name: SOURCE, token: `token-of-${SOURCE}`, userId: `user-${SOURCE}` };
    sandbox = await startSandbox({
      latencyMs: options.latencyMs,
      accounts: [{ ...source, documents: sourceDocuments(flows) }, ...tenants],
    });
    return sandbox.url;
  },
  asked: (accounts: string[]) => accounts.map(askedOf),
  reset: () => running().resetCalls(),
  /** How many documents each account holds. */
  counts: (accounts: string[]) => accounts.map((account) => running().documents(account).length),
  /** Describes the first exports of the source anew, as a person would. */
  change: ({ count, text }: { count: number; text: string }) => {
    for (const { _id } of firstExports(count)) {
      running().edit(SOURCE, 'exports', _id, (document) => {
        document['description'] = text;
      });
    }
  },
  /** How many exports of each account are described so. */
  described: ({ accounts, text }: { accounts: string[]; text: string }) =>
    accounts.map(
      (account) =>
        running()
          .documents(account, 'exports')
          .filter(({ description }) => description === text).length,
    ),
  /** Lets these tenants each make one import its own. */
  editOwn: (accounts: string[]) => {
    for (const account of accounts) {
      const [first] = running().documents(account, 'imports');
      if (first === undefined) throw new Error(`${account} has no import`);
      running().edit(account, 'imports', first._id, (document) => {
        document['http'] = { ...(document['http'] as object), relativeURI: OWN };
      });
    }
  },
  /** How many imports of each account are the tenant's own. */
  own: (accounts: string[]) =>
    accounts.map(
      (account) =>
        running()
          .documents(account, 'imports')
          .filter(({ http }) => (http as { relativeURI?: string } | undefined)?.relativeURI === OWN).length,
    ),
  /** One flow more in the source, with all it needs. */
  addFlow: () => {
    const known = new Set(
      running()
        .documents(SOURCE)
        .map(({ _id }) => _id),
    );
    flows += 1;
    const documents = Object.entries(sourceDocuments(flows)).map(([collection, all]) => [
      collection,
      all.filter(({ _id }) => !known.has(_id)),
    ]);
    running().load(SOURCE, Object.fromEntries(documents));
  },
  /** From now on this account takes no new flow. */
  refuseFlows: (account: string) => {
    running().faults.add({
      account,
      method: 'POST',
      path: /^\/v1\/flows$/,
      always: true,
      effect: 'status',
      status: 422,
      code: 'invalid_flow',
      message: 'The plan of this account has no flow left.',
    });
  },
});
