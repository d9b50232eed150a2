/** What a database would give back: a copy, without the members that JSON does not know. */
export function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
