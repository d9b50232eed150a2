import type { JsonObject } from '../../core/model/resource.ts';
import type { CloneStore } from '../../core/ports.ts';

/** The same store, which tells of every action whose end was stored: a line each, of ids and the place in the plan. */
export function withActionLines(clones: CloneStore, write: (fields: JsonObject) => void): CloneStore {
  return {
    ...clones,
    async appendEvents(cloneId, attempt, sequence, events) {
      await clones.appendEvents(cloneId, attempt, sequence, events);
      for (const { index, status, targetId } of events) {
        write({ cloneId, index, status, ...(targetId === undefined ? {} : { targetId }) });
      }
    },
  };
}
