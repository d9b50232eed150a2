export { createBindingStore } from './binding-store.ts';
export { type CloneStoreOptions, createCloneStore } from './clone-store.ts';
export { createIdempotencyStore } from './idempotency-store.ts';
export { createLedger, type LedgerOptions } from './ledger.ts';
export type { StorageOptions } from './options.ts';
export { createRecordStore } from './record-store.ts';
export { createTableInput, tableDefinition } from './table.ts';
