import { afterEach, beforeEach } from '@jest/globals';
import type { JsonObject } from '../../../core/model/resource.ts';
import type { SyncInput } from '../../../core/model/sync.ts';
import type { TargetResult } from '../../../core/sync/index.ts';
import { blueprintDocuments, emptyTarget, IDS } from '../../support/blueprint.ts';
import { type Harness, startHarness } from '../../support/harness.ts';
import { createSyncHarness, type RunOutcome, type SyncHarness } from '../../support/sync.ts';

export const TENANTS = ['acme', 'beta', 'gamma', 'delta'] as const;

type Target = SyncInput['targets'][number];

/** One tenant of a sync, with the connection that it has for the blueprint's. */
export function tenant(account: string, more: Partial<Target> = {}): Target {
  return { account, connectionMap: { [IDS.connection]: IDS.targetConnection }, ...more };
}

/** A sync of the whole blueprint. */
export function definition(more: Partial<SyncInput> = {}): SyncInput {
  return {
    source: { account: 'blueprint', flowIds: [...IDS.flows] },
    targets: [tenant('acme')],
    ...more,
  };
}

/** A blueprint, four tenants, and syncs over them. */
export class World {
  harness!: Harness;
  sync!: SyncHarness;

  /** Brings `acme` in step and answers what the run did. */
  async step(more: Partial<SyncInput> = {}): Promise<TargetResult> {
    return one(await this.runWith(more));
  }

  async runWith(more: Partial<SyncInput>, mode: 'apply' | 'report' = 'apply'): Promise<RunOutcome> {
    await this.sync.put(definition(more));
    return this.sync.run({ mode });
  }

  documents(collection: string, account = 'acme'): JsonObject[] {
    return this.harness.sandbox.documents(account, collection) as JsonObject[];
  }

  /** The one document of this name; throws where there is none, or another. */
  named(collection: string, name: string, account = 'acme'): JsonObject & { _id: string } {
    const found = this.documents(collection, account).filter((document) => document['name'] === name);
    if (found.length !== 1) throw new Error(`${account} has ${found.length} ${collection} named ${name}`);
    return found[0] as JsonObject & { _id: string };
  }

  /** What a tenant does to its copy. */
  edit(collection: string, name: string, change: (document: JsonObject) => void, account = 'acme'): void {
    const { _id } = this.named(collection, name, account);
    this.harness.sandbox.edit(account, collection, _id, (document) => change(document as JsonObject));
  }

  /** What the keeper of the blueprint does. */
  editSource(collection: string, name: string, change: (document: JsonObject) => void): void {
    this.edit(collection, name, change, 'blueprint');
  }
}

export function one({ targets }: RunOutcome): TargetResult {
  const [result] = Object.values(targets);
  if (!result) throw new Error('the run has no result');
  return result;
}

/** A fresh world for each test of the file. */
export function useWorld(): World {
  const world = new World();
  beforeEach(async () => {
    const account = (name: string, number: number, documents: ReturnType<typeof emptyTarget>) => ({
      name,
      token: `token-${name}`,
      userId: `5f${String(number).padStart(22, '0')}`,
      documents,
    });
    world.harness = await startHarness({
      accounts: [
        account('blueprint', 1, blueprintDocuments()),
        ...TENANTS.map((name, index) => account(name, index + 2, emptyTarget())),
      ],
    });
    world.sync = createSyncHarness(world.harness);
  });
  afterEach(() => world.harness.close());
  return world;
}
