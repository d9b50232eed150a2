import { createMemoryLedger } from '../../../adapters/memory/index.ts';
import { manualClock } from '../helpers.ts';
import { ledgerContract } from '../ledger.contract.ts';

ledgerContract(() => {
  const clock = manualClock();
  return { ledger: createMemoryLedger({ clock }), clock };
});
