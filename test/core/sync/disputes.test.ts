import { describe, expect, test } from '@jest/globals';
import type { Json, JsonObject } from '../../../core/model/resource.ts';
import type { TargetResult } from '../../../core/sync/index.ts';
import { one, useWorld } from './world.ts';

const world = useWorld();

const [EXPORT, IMPORT, FLOW] = ['Get items', 'Post orders', 'Orders by night'];

type Change = (document: JsonObject) => void;

const describeAs =
  (text: string | undefined): Change =>
  (document) => {
    if (text === undefined) delete document['description'];
    else document['description'] = text;
  };

const withSteps =
  (change: (steps: JsonObject[]) => JsonObject[]): Change =>
  (flow) => {
    flow['pageProcessors'] = change(flow['pageProcessors'] as JsonObject[]) as Json;
  };

const withFields =
  (change: (fields: JsonObject[]) => JsonObject[]): Change =>
  (step) => {
    step['mapping'] = { fields: change((step['mapping'] as { fields: JsonObject[] }).fields), lists: [] };
  };

const extract = (generate: string, value: string): Change =>
  withFields((fields) =>
    fields.map((field) => (field['generate'] === generate ? { ...field, extract: value } : field)),
  );

/** The steps of the tenant's flow, by what they do. */
function steps(): (string | undefined)[] {
  const names = new Map(
    [...world.documents('exports'), ...world.documents('imports')].map(({ _id, name }) => [_id, name]),
  );
  return (world.named('flows', FLOW)['pageProcessors'] as JsonObject[]).map(
    ({ _exportId, _importId }) => names.get((_exportId ?? _importId) as string) as string,
  );
}

function fields(): JsonObject {
  const { mapping } = world.named('imports', IMPORT) as unknown as { mapping: { fields: JsonObject[] } };
  return Object.fromEntries(mapping.fields.map((field) => [String(field['generate']), field['extract']]));
}

const run = async (): Promise<TargetResult> => one(await world.sync.run());

test('a value in dispute that the tenant takes out stays out, and is told once', async () => {
  await world.step();
  world.editSource('exports', EXPORT, describeAs('theirs'));
  world.edit('exports', EXPORT, describeAs('mine'));
  await run();
  world.edit('exports', EXPORT, describeAs(undefined));

  const moved = await run();
  const idle = await run();

  expect(moved).toMatchObject({ status: 'conflict', applied: 0, kept: 1 });
  expect(moved.conflicts).toEqual([expect.objectContaining({ path: '/description' })]);
  expect(idle).toMatchObject({ status: 'in-step', applied: 0, kept: 1, conflicts: [] });
  expect(world.named('exports', EXPORT)).not.toHaveProperty('description');
});

describe('an order in dispute', () => {
  /**
   * The tenant lives without the last of four steps; then both move the others about, and the source appends the
   * first once more.
   */
  async function dispute(): Promise<TargetResult> {
    const archive = { type: 'import', _importId: world.named('imports', 'Archive orders', 'blueprint')._id };
    world.editSource(
      'flows',
      FLOW,
      withSteps((all) => [...all, archive]),
    );
    await world.step();
    world.edit(
      'flows',
      FLOW,
      withSteps((all) => all.slice(0, -1)),
    );
    await run();
    world.edit(
      'flows',
      FLOW,
      withSteps(([items = {}, post = {}, feed = {}]) => [post, items, feed]),
    );
    world.editSource(
      'flows',
      FLOW,
      withSteps(([items = {}, post = {}, feed = {}, last = {}]) => [feed, items, post, last, items]),
    );
    return run();
  }

  test('is kept, with what the source appends and without what the tenant removed', async () => {
    const conflict = await dispute();
    const idle = await run();

    expect(conflict).toMatchObject({ status: 'conflict', applied: 1, kept: 2 });
    expect(conflict.conflicts).toEqual([expect.objectContaining({ path: '/pageProcessors' })]);
    expect(idle).toMatchObject({ status: 'in-step', applied: 0, kept: 2, conflicts: [] });
    expect(steps()).toEqual(['Post orders', 'Get items', 'Get items', 'Feed orders']);
  });

  test('is no concern of a step that the tenant adds or removes then', async () => {
    await dispute();
    const orders = { type: 'export', _exportId: world.named('exports', 'Get orders')._id };
    world.edit(
      'flows',
      FLOW,
      withSteps(([, ...rest]) => [...rest, orders]),
    );

    const result = await run();

    expect(result).toMatchObject({ status: 'in-step', applied: 0, conflicts: [] });
    expect(steps()).toEqual(['Get items', 'Get items', 'Feed orders', 'Get orders']);
  });

  test('is told again when the tenant changes it again', async () => {
    await dispute();
    world.edit(
      'flows',
      FLOW,
      withSteps((all) => all.toReversed()),
    );

    const [moved, idle] = [await run(), await run()];

    expect(moved.conflicts).toEqual([
      expect.objectContaining({ path: '/pageProcessors', resolution: 'keep-target' }),
    ]);
    expect(idle).toMatchObject({ status: 'in-step', applied: 0, conflicts: [] });
    expect(steps()).toEqual(['Feed orders', 'Get items', 'Get items', 'Post orders']);
  });
});

describe('an element in dispute', () => {
  const line = (generate: string): JsonObject => ({ generate, extract: generate.toLowerCase() });

  async function dispute(): Promise<void> {
    world.editSource(
      'imports',
      IMPORT,
      withFields(() => ['A', 'B', 'C', 'D'].map(line)),
    );
    await world.step();
    world.edit(
      'imports',
      IMPORT,
      withFields(([, ...rest]) => rest),
    );
    world.edit('imports', IMPORT, extract('C', 'mine'));
    world.editSource('imports', IMPORT, extract('C', 'theirs'));
    await run();
  }

  test('is no concern of one that the tenant removes besides', async () => {
    await dispute();
    world.edit(
      'imports',
      IMPORT,
      withFields(([, ...rest]) => rest),
    );

    const result = await run();

    expect(result).toMatchObject({ status: 'in-step', applied: 0, conflicts: [] });
    expect(fields()).toEqual({ C: 'mine', D: 'd' });
  });

  test('is found again when it has another index', async () => {
    await dispute();
    world.edit(
      'imports',
      IMPORT,
      withFields(([, ...rest]) => rest),
    );
    world.edit('imports', IMPORT, extract('C', 'mine again'));

    const [moved, idle] = [await run(), await run()];

    expect(moved.conflicts).toEqual([expect.objectContaining({ path: '/mapping/fields/0/extract' })]);
    expect(idle).toMatchObject({ status: 'in-step', applied: 0, conflicts: [] });
    expect(fields()).toEqual({ C: 'mine again', D: 'd' });
  });

  test('goes by the policy alone, and takes no other along', async () => {
    await dispute();
    world.edit('imports', IMPORT, extract('C', 'mine again'));

    await world.step({ onConflict: 'take-source' });

    expect(fields()).toEqual({ B: 'b', C: 'theirs', D: 'd' });
  });
});
