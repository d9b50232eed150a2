import type { BindingStore } from '../../core/ports.ts';
import { optionalText } from './attributes.ts';
import { join } from './keys.ts';
import { checkStorageOptions, type StorageOptions } from './options.ts';
import { createStorage } from './storage.ts';

/** Which integrator.io account each of our names stood for, in DynamoDB. Binding a name again replaces it. */
export function createBindingStore(options: StorageOptions): BindingStore {
  const storage = createStorage(checkStorageOptions(options));
  const keyOf = (account: string) => ({ pk: 'binding', sk: join('account', account) });

  return {
    async boundTo(account) {
      const item = await storage.get(keyOf(account));
      return item && optionalText(item, 'accountKey');
    },
    async bind(account, accountKey) {
      await storage.put({ ...keyOf(account), accountKey });
    },
  };
}
