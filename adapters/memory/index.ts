export { createMemoryBindingStore } from './binding-store.ts';
export { createMemoryCloneStore, type MemoryCloneStoreOptions } from './clone-store.ts';
export { createMemoryIdempotencyStore } from './idempotency-store.ts';
export { createMemoryLedger, type MemoryLedgerOptions } from './ledger.ts';
export { createMemoryRecordStore } from './record-store.ts';
