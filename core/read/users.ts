import type { Document, JsonObject, ResourceType } from '../model/resource.ts';
import type { Account } from '../ports.ts';
import { referencesOf } from '../references/index.ts';

/** What holds references to others, and can be the tenant's own. */
const USERS: readonly ResourceType[] = ['flow', 'export', 'import', 'connection'];

/** Who in an account names whom: by the id of what names, the ids it names. */
export type Users = ReadonlyMap<string, readonly string[]>;

/** What in the account names any of these objects. */
export async function usersOf(account: Account, wanted: ReadonlySet<string>): Promise<Users> {
  const users = new Map<string, readonly string[]>();
  for (const type of USERS) {
    for await (const page of account.list(type)) {
      for (const document of page) {
        const named = namedIn(type, document).filter((id) => wanted.has(id));
        if (named.length > 0) users.set(document._id, named);
      }
    }
  }
  return users;
}

/** The ids that a document names, but for its own. */
export function namedIn(type: ResourceType, document: Document | JsonObject): string[] {
  return referencesOf(type, document).flatMap(({ id }) =>
    typeof id === 'string' && id !== document['_id'] ? [id] : [],
  );
}

/** Which of our objects are named by anything else, straight or through another of ours. */
export function usedBy(users: Users, ours: ReadonlySet<string>): Set<string> {
  const used = new Set<string>();
  const open = [...users].flatMap(([id, named]) => (ours.has(id) ? [] : named));
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (!ours.has(id) || used.has(id)) continue;
    used.add(id);
    open.push(...(users.get(id) ?? []));
  }
  return used;
}
