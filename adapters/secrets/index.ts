export { type AccountSecret, checkAccountSecret } from './account-secret.ts';
export { type AccountSecrets, type AccountSecretsOptions, createAccountSecrets } from './account-secrets.ts';
export { createHookStore, type HookStore, type HookStoreOptions } from './hook-store.ts';
export { createKeyStore, type KeyStoreOptions, type Keys, type KnownKey } from './key-store.ts';
export { membersOf, parseSecret, readSecret } from './read.ts';
export { SecretCache } from './secret-cache.ts';
