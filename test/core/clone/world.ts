import type { CloneState } from '../../../core/model/clone.ts';
import { FlowferryError } from '../../../core/model/problem.ts';
import type { CloneRequestInput } from '../../../core/model/request.ts';
import type { Document, JsonObject } from '../../../core/model/resource.ts';
import type { Call, SandboxOptions } from '../../../sandbox/index.ts';
import { type Harness, type HarnessSettings, startHarness } from '../../support/harness.ts';
import { idOf } from '../references/ids.ts';

/** Documents of an account, by collection. */
export type Documents = Record<string, Document[]>;

/** What the target's connections are called in its own account. */
export const theirs = (number: number): string => `e0${idOf('connection', number).slice(2)}`;
/** The target's own integrations. */
export const STANDALONE_THERE = 'a1'.repeat(12);
export const HOME = 'a2'.repeat(12);

export const flow = (number: number, rest: JsonObject = {}): Document => ({
  _id: idOf('flow', number),
  name: `Flow ${number}`,
  disabled: false,
  _integrationId: idOf('integration'),
  pageGenerators: [{ _exportId: idOf('export') }],
  pageProcessors: [{ type: 'import', _importId: idOf('import') }],
  ...rest,
});
export const exporting = (number: number, rest: JsonObject = {}): Document => ({
  _id: idOf('export', number),
  name: `Export ${number}`,
  adaptorType: 'HTTPExport',
  _connectionId: idOf('connection'),
  http: { method: 'GET', relativeURI: '/orders' },
  ...rest,
});
export const importing = (number: number, rest: JsonObject = {}): Document => ({
  _id: idOf('import', number),
  name: `Import ${number}`,
  adaptorType: 'HTTPImport',
  _connectionId: idOf('connection', 2),
  http: { method: ['POST'], relativeURI: ['/orders'] },
  ...rest,
});
export const connection = (number: number, rest: JsonObject = {}): Document => ({
  _id: idOf('connection', number),
  name: `Connection ${number}`,
  type: 'http',
  ...rest,
});
export const script = (number: number, content: string): Document => ({
  _id: idOf('script', number),
  name: `Script ${number}`,
  content,
});
export const integration = (number: number, rest: JsonObject = {}): Document => ({
  _id: idOf('integration', number),
  name: `Integration ${number}`,
  ...rest,
});

/** An account with one flow from one connection to another; what is given takes the place of a collection. */
export function account(documents: Documents = {}): Documents {
  return {
    integrations: [integration(1)],
    flows: [flow(1)],
    exports: [exporting(1)],
    imports: [importing(1)],
    connections: [connection(1), connection(2)],
    ...documents,
  };
}

/** A source and a target on one sandbox, with the engine between them. */
export interface World extends Harness {
  /** A request for these flows, with both connections mapped. */
  request(rest?: Partial<CloneRequestInput>): CloneRequestInput;
  /** The copy a clone made of a source object. */
  copyOf(state: CloneState, sourceId: string): Document;
  /** What the plan was refused with. */
  refusal(request: CloneRequestInput): Promise<FlowferryError>;
  /** Calls to the target that change it, since the journal was last reset. */
  writes(): Call[];
  target(collection: string): Document[];
}

/**
 * Starts a world.
 *
 * @param documents the source's
 * @param there the target's, beside its integrations and connections 1 and 2
 */
export async function startWorld(
  documents: Documents = account(),
  there: Documents = {},
  options: SandboxOptions = {},
  settings: HarnessSettings = {},
): Promise<World> {
  const sandbox = {
    ...options,
    accounts: [
      { name: 'blueprint', token: 'source-token', userId: '5'.repeat(24), documents },
      {
        name: 'acme',
        token: 'target-token',
        userId: '6'.repeat(24),
        documents: {
          ...there,
          integrations: [
            { _id: STANDALONE_THERE, name: 'Standalone flows' },
            { _id: HOME, name: 'Home' },
            ...(there['integrations'] ?? []),
          ],
          connections: [
            { ...connection(1), _id: theirs(1) },
            { ...connection(2), _id: theirs(2) },
            ...(there['connections'] ?? []),
          ],
        },
      },
    ],
  };
  const harness = await startHarness(sandbox, settings);
  return {
    ...harness,
    request: (rest = {}) => ({
      source: { account: 'blueprint', flowIds: (documents['flows'] ?? []).map(({ _id }) => _id) },
      target: { account: 'acme' },
      connectionMap: { [idOf('connection', 1)]: theirs(1), [idOf('connection', 2)]: theirs(2) },
      ...rest,
    }),
    copyOf: (state, sourceId) => {
      const targetId = state.idMap?.[sourceId];
      const found = harness.sandbox.documents('acme').find(({ _id }) => _id === targetId);
      if (found === undefined)
        throw new Error(`There is no copy of ${sourceId}: ${JSON.stringify(state.errors)}`);
      return found as Document;
    },
    refusal: async (request) => {
      try {
        await harness.plan(request);
      } catch (error) {
        if (error instanceof FlowferryError) return error;
        throw error;
      }
      throw new Error('The plan was not refused');
    },
    writes: () => harness.sandbox.calls('acme').filter(({ method }) => method !== 'GET'),
    target: (collection) => harness.sandbox.documents('acme', collection) as Document[],
  };
}

/** Clones and insists that it worked. */
export async function cloned(world: World, request: CloneRequestInput): Promise<CloneState> {
  const state = await world.clone(request);
  if (state.status !== 'succeeded') throw new Error(`${state.status}: ${JSON.stringify(state.errors)}`);
  return state;
}

/** The codes and paths of a list of problems, in order. */
export function codes(problems: readonly { code: string; path?: string | undefined }[]): string[] {
  return problems.map(({ code, path }) => (path === undefined ? code : `${code} ${path}`));
}
