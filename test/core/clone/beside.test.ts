import { describe, expect, test } from '@jest/globals';
import { idOf } from '../references/ids.ts';
import { account, cloned, exporting, flow, integration, startWorld } from './world.ts';

const [FIRST, SECOND] = [idOf('flow', 1), idOf('flow', 2)];

/** Two flows; the integration has an alias for each, and its settings and the first flow's name the second. */
const documents = account({
  flows: [
    flow(1, { settings: { next: SECOND } }),
    flow(2, { pageGenerators: [{ _exportId: idOf('export', 2) }] }),
  ],
  exports: [exporting(1), exporting(2)],
  integrations: [
    integration(1, {
      aliases: [
        { alias: 'first', _flowId: FIRST },
        { alias: 'second', _flowId: SECOND },
      ],
      settings: { second: SECOND },
    }),
  ],
});

describe('A clone of a part, after one of the whole', () => {
  test('leads aliases and ids in text to the copies that were made before.', async () => {
    await using world = await startWorld(documents);
    const whole = await cloned(world, world.request());
    const copies = [...world.target('integrations'), ...world.target('flows')];

    const part = await cloned(world, world.request({ source: { account: 'blueprint', flowIds: [FIRST] } }));

    expect(part.plan?.counts).toMatchObject({ create: 0, update: 0 });
    expect(part.warnings.map(({ code }) => code)).not.toContain('alias_outside_closure');
    expect(part.idMap?.[SECOND]).toBe(whole.idMap?.[SECOND]);
    expect([...world.target('integrations'), ...world.target('flows')]).toEqual(copies);
  });

  test('leaves them as a first clone would where the copy is gone.', async () => {
    await using world = await startWorld(documents);
    const whole = await cloned(world, world.request());
    await fetch(`${world.sandbox.url}/v1/flows/${whole.idMap?.[SECOND]}`, {
      method: 'DELETE',
      headers: { authorization: 'Bearer target-token' },
    });

    const part = await cloned(world, world.request({ source: { account: 'blueprint', flowIds: [FIRST] } }));

    const codes = part.warnings.map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(['alias_outside_closure', 'leftover_source_id']));
    expect(world.copyOf(part, idOf('integration'))['aliases']).toEqual([
      { alias: 'first', _flowId: part.idMap?.[FIRST] },
    ]);
  });
});

test('A clone of a part alone leaves out what has no copy yet, and a later one puts it in.', async () => {
  await using world = await startWorld(documents);
  const first = await cloned(world, world.request({ source: { account: 'blueprint', flowIds: [FIRST] } }));

  const second = await cloned(world, world.request({ source: { account: 'blueprint', flowIds: [SECOND] } }));

  expect(first.warnings.map(({ code }) => code)).toContain('alias_outside_closure');
  expect(world.copyOf(second, idOf('integration'))).toMatchObject({
    aliases: [
      { alias: 'first', _flowId: first.idMap?.[FIRST] },
      { alias: 'second', _flowId: second.idMap?.[SECOND] },
    ],
    settings: { second: second.idMap?.[SECOND] },
  });
});
