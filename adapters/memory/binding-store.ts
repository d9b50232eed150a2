import type { BindingStore } from '../../core/ports.ts';

/** Which integrator.io account each of our names stood for, in memory. */
export function createMemoryBindingStore(): BindingStore {
  const bindings = new Map<string, string>();
  return {
    async boundTo(account) {
      return bindings.get(account);
    },
    async bind(account, accountKey) {
      bindings.set(account, accountKey);
    },
  };
}
