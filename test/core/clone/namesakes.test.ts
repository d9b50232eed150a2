import { expect, test } from '@jest/globals';
import { idOf } from '../references/ids.ts';
import { account, cloned, exporting, script, startWorld } from './world.ts';

test('Equal twins are in the ledger before anything names one of them.', async () => {
  const hooks = { hooks: { preSavePage: { _scriptId: idOf('script', 1), function: 'f' } } };
  const twins = [script(1, 'function f() {}'), { ...script(2, 'function f() {}'), name: 'Script 1' }];
  const filter = { filter: { type: 'script', script: { _scriptId: idOf('script', 2), function: 'f' } } };
  const documents = account({ scripts: twins, exports: [exporting(1, { ...hooks, ...filter })] });
  await using world = await startWorld(documents);
  const { ledger } = world.ports;
  const record = ledger.record.bind(ledger);
  const exportsMeanwhile: number[] = [];
  ledger.record = async (lease, outcomes) => {
    await new Promise((resolve) => setTimeout(resolve, 30));
    if (outcomes.some(({ sourceId }) => sourceId === idOf('script', 1) || sourceId === idOf('script', 2)))
      exportsMeanwhile.push(world.target('exports').length);
    return record(lease, outcomes);
  };

  await cloned(world, world.request());

  expect(new Set(exportsMeanwhile)).toEqual(new Set([0]));
});
