import {
  createMemoryBindingStore,
  createMemoryCloneStore,
  createMemoryIdempotencyStore,
  createMemoryRecordStore,
} from '../../../adapters/memory/index.ts';
import { manualClock } from '../helpers.ts';
import { storesContract } from '../stores.contract.ts';

storesContract(() => {
  const clock = manualClock();
  return {
    clock,
    clones: createMemoryCloneStore({ clock }),
    idempotency: createMemoryIdempotencyStore({ clock }),
    bindings: createMemoryBindingStore(),
    records: createMemoryRecordStore({ clock }),
  };
});
