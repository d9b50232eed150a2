import type { ApiKey, KeyStore } from '../../../lambdas/ports.ts';

export const ADMIN_KEY = 'planted-key-of-the-administrator';
export const LIMITED_KEY = 'planted-key-of-one-account';

const KEYS: Readonly<Record<string, ApiKey>> = {
  [ADMIN_KEY]: { id: 'admin', accounts: ['*'], admin: true },
  [LIMITED_KEY]: { id: 'limited', accounts: ['acme'], admin: false },
};

export const callerKeys: KeyStore = {
  authenticate: async (key) => (Object.hasOwn(KEYS, key) ? KEYS[key] : undefined),
};
