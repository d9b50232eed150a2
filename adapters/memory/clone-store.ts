import * as z from 'zod/mini';
import { isFinal } from '../../core/model/clone.ts';
import { superseded } from '../../core/model/lease.ts';
import { FlowferryError } from '../../core/model/problem.ts';
import type { ActionEvent, Clock, CloneRecord, CloneStore } from '../../core/ports.ts';
import { copy } from './copy.ts';

const schema = z.strictObject({
  clock: z.custom<Clock>((value) => typeof value === 'object' && value !== null),
  /** Days that a clone is kept after it ended. */
  cloneRetentionDays: z._default(z.number().check(z.gt(0)), 90),
});

export type MemoryCloneStoreOptions = z.input<typeof schema>;

interface Stored {
  record: CloneRecord;
  wish: CloneRecord['wish'];
  /** Wall time (ms) from which on the clone counts as absent. */
  expiresAt: number;
}

const DAY_MS = 86_400_000;

/** Clones in memory. */
export function createMemoryCloneStore(options: MemoryCloneStoreOptions): CloneStore {
  const { clock, cloneRetentionDays } = schema.parse(options);
  const clones = new Map<string, Stored>();
  const parts = new Map<string, Map<string, string>>();
  const appended = new Map<string, Map<string, ActionEvent[]>>();

  function find(cloneId: string): Stored | undefined {
    const stored = clones.get(cloneId);
    if (stored && stored.expiresAt <= clock.now()) {
      forget(cloneId);
      return undefined;
    }
    return stored;
  }

  function forget(cloneId: string): void {
    clones.delete(cloneId);
    parts.delete(cloneId);
    appended.delete(cloneId);
  }

  function write(record: CloneRecord, wish: CloneRecord['wish']): void {
    const { wish: _, ...rest } = copy(record);
    const expiresAt = isFinal(record.status) ? clock.now() + cloneRetentionDays * DAY_MS : Infinity;
    clones.set(record.cloneId, { record: rest, wish, expiresAt });
  }

  function read({ record, wish }: Stored): CloneRecord {
    return wish === undefined ? copy(record) : { ...copy(record), wish };
  }

  async function save(record: CloneRecord): Promise<void> {
    const stored = find(record.cloneId);
    if (!stored) throw new FlowferryError('clone_not_found', `There is no clone ${record.cloneId}.`);
    if (stored.record.attempt > record.attempt) throw superseded(record.cloneId);
    write(record, stored.wish);
  }

  const all = () => [...clones.keys()].flatMap((cloneId) => find(cloneId) ?? []).map(read);

  return {
    async create(record) {
      if (find(record.cloneId)) {
        throw new FlowferryError('clone_exists', `There is a clone ${record.cloneId} already.`);
      }
      write(record, record.wish);
    },

    async get(cloneId) {
      const stored = find(cloneId);
      return stored && read(stored);
    },

    save,
    end: save,
    // Parts and events go with the record.
    async retire() {},

    async wish(cloneId, wish) {
      const stored = find(cloneId);
      if (!stored) return false;
      stored.wish = wish;
      return true;
    },

    async remove(cloneId) {
      forget(cloneId);
    },

    async listByTarget(target, { limit, cursor }) {
      const place = ({ createdAt, cloneId }: CloneRecord) => `${createdAt}#${cloneId}`;
      const behind = all()
        .filter((record) => record.state.target.account === target)
        .filter((record) => cursor === undefined || place(record) < cursor)
        .sort((one, other) => (place(one) < place(other) ? 1 : -1));
      const records = behind.slice(0, limit);
      const last = records.at(-1);
      return { records, next: behind.length > limit && last ? place(last) : null };
    },

    async listUnfinished() {
      return all()
        .filter(({ status }) => status === 'running' || status === 'waiting')
        .sort((one, other) => (one.createdAt < other.createdAt ? -1 : 1));
    },

    async putPart(cloneId, name, value) {
      const named = parts.get(cloneId) ?? new Map<string, string>();
      parts.set(cloneId, named.set(name, JSON.stringify(value)));
    },

    async getPart<T>(cloneId: string, name: string) {
      const json = parts.get(cloneId)?.get(name);
      return json === undefined ? undefined : (JSON.parse(json) as T);
    },

    async appendEvents(cloneId, attempt, sequence, events) {
      const steps = appended.get(cloneId) ?? new Map<string, ActionEvent[]>();
      const key = [attempt, sequence].map((part) => String(part).padStart(10, '0')).join('#');
      appended.set(cloneId, steps.set(key, copy([...events])));
    },

    async events(cloneId) {
      const steps = [...(appended.get(cloneId) ?? [])].sort(([one], [other]) => (one < other ? -1 : 1));
      return copy(steps.flatMap(([, events]) => events));
    },
  };
}
