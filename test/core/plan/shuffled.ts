import type { Document, ResourceType } from '../../../core/model/resource.ts';
import type { Account, ListOptions } from '../../../core/ports.ts';

/** The same account, whose answers come back in another order each time. */
export function shuffled(account: Account, random: () => number): Account {
  const late = async <T>(value: T): Promise<T> => {
    await new Promise((resolve) => setTimeout(resolve, Math.floor(random() * 8)));
    return value;
  };
  return new Proxy(account, {
    get(target, name) {
      if (name === 'get') {
        return async (type: ResourceType, id: string) => late(await target.get(type, id));
      }
      if (name === 'list') {
        return async function* (type: ResourceType, options?: ListOptions) {
          for await (const page of target.list(type, options)) {
            yield [...page].sort((a: Document, b: Document) => (a._id > b._id ? -1 : 1));
          }
        };
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** A small generator of numbers below one, the same for the same seed. */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
