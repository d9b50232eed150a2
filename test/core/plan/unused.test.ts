import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { account, cloned, codes, exporting, flow, startWorld, theirs } from '../clone/world.ts';
import { idOf } from '../references/ids.ts';

const OTHER = 'c1'.repeat(12);
const patch = [{ op: 'add', path: '/description', value: 'ours' }] as const;

test('Every warning of a plan is documented.', () => {
  const folder = join(import.meta.dirname, '../../../core/plan');
  const text = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  const told = [...text.matchAll(/\.warn\(\s*'(\w+)'/g)].map(([, code]) => code);
  const documentation = readFileSync(join(folder, '../../docs/operations.md'), 'utf8');

  expect(told.length).toBeGreaterThan(10);
  expect(told.filter((code) => !documentation.includes(`\`${code}\``))).toEqual([]);
});

/** The warnings of a plan that tell of something unused. */
const unused = (warnings: Parameters<typeof codes>[0]) =>
  codes(warnings).filter((code) => /unused|skipped/.test(code));

describe('What the caller names and nothing comes of is said', () => {
  test('of overrides that fit nothing, or only what is not written', async () => {
    await using world = await startWorld();

    const { warnings } = await world.plan(
      world.request({
        overrides: [
          { select: { type: 'export' }, patch: [...patch] },
          { select: { type: 'import', name: 'Import 7' }, patch: [...patch] },
          { select: { sourceId: idOf('connection', 1) }, patch: [...patch] },
        ],
      }),
    );

    expect(unused(warnings)).toEqual([
      'override_unused /overrides/1/select',
      'override_unused /overrides/2/select',
    ]);
  });

  test('of overrides of what is changed by no clone any more, but is still a copy: nothing', async () => {
    await using world = await startWorld();
    const request = world.request({ overrides: [{ select: { type: 'flow' }, patch: [...patch] }] });
    await cloned(world, request);

    expect(unused((await world.plan(request)).warnings)).toEqual([]);
  });

  test('of an adoption in the place of the copy that a clone made', async () => {
    await using world = await startWorld(account(), { exports: [exporting(7, { _id: OTHER })] });
    const { idMap = {} } = await cloned(world, world.request());
    const copy = String(idMap[idOf('export')]);

    const other = await world.plan(world.request({ adopt: { [idOf('export')]: OTHER } }));
    const same = await world.plan(world.request({ adopt: { [idOf('export')]: copy } }));

    expect(unused(other.warnings)).toEqual([`map_entry_unused /adopt/${idOf('export')}`]);
    expect(unused(same.warnings)).toEqual([]);
  });

  test('of entries of connectionMap for what is no connection, or is mapped elsewhere', async () => {
    await using world = await startWorld();
    const { connectionMap } = world.request();

    const { warnings } = await world.plan(
      world.request({
        connectionMap: { ...connectionMap, [idOf('export')]: theirs(1) },
        idMap: { [idOf('connection', 2)]: theirs(1) },
      }),
    );

    expect(unused(warnings)).toEqual([
      `map_entry_unused /connectionMap/${idOf('connection', 2)}`,
      `map_entry_unused /connectionMap/${idOf('export')}`,
    ]);
  });

  test('of flows that are to be run and will be asleep', async () => {
    await using world = await startWorld(account({ flows: [flow(1), flow(2, { disabled: true })] }));
    const flowIds = [idOf('flow', 1), idOf('flow', 2)];

    const named = await world.plan(world.request({ activate: true, run: { flowIds } }));
    const all = await world.plan(world.request({ activate: true, run: true }));

    expect(unused(named.warnings)).toEqual(['run_skipped /run/flowIds/1']);
    expect(unused(all.warnings)).toEqual([]);
  });
});
