/**
 * Runs `work` over the entries, at most `width` at a time; the results come in the entries' order.
 * After a failure nothing new is begun, what is under way is waited for, and the first error is thrown.
 */
export async function parallel<T, R>(
  entries: readonly T[],
  width: number,
  work: (entry: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const lane = async () => {
    while (next < entries.length && failures.length === 0) {
      const index = next++;
      try {
        results[index] = await work(entries[index] as T);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, entries.length) }, lane));
  if (failures.length > 0) throw failures[0];
  return results;
}

/** The entries in groups of at most `size`. */
export function groupsOf<T>(entries: readonly T[], size: number): T[][] {
  const groups: T[][] = [];
  for (let from = 0; from < entries.length; from += size) groups.push(entries.slice(from, from + size));
  return groups;
}
