import { describe, expect, test } from '@jest/globals';
import type { RecordStore } from '../../adapters/records.ts';
import type { BindingStore, Clock, CloneRecord, CloneStore, IdempotencyStore } from '../../core/ports.ts';
import { id, noise } from './helpers.ts';

const A_DAY = 86_400_000;

export interface Stores {
  clock: Clock & { move(ms: number): void };
  clones: CloneStore;
  idempotency: IdempotencyStore;
  bindings: BindingStore;
  records: RecordStore;
}

let made = 0;
/** A name that no other test uses, so that all can share one table. */
const fresh = (kind: string) => `${kind}-${++made}`;

function record(more: Partial<CloneRecord> = {}, target = fresh('target')): CloneRecord {
  const createdAt = more.createdAt ?? '2026-01-01T00:00:00.000Z';
  const status = more.status ?? 'running';
  return {
    cloneId: fresh('clone'),
    request: {
      source: { account: 'blueprint', flowIds: [id(1)] },
      target: { account: target },
      connectionMap: {},
      idMap: {},
      adopt: {},
      connections: 'mapped',
      onExisting: 'update',
      onFailure: 'rollback',
      activate: false,
      run: false,
      linkedFlows: 'include',
      copySampleData: false,
      overrides: [],
      rateShare: 0.95,
      dryRun: false,
    },
    status,
    attempt: 1,
    state: {
      status,
      source: { account: 'blueprint' },
      target: { account: target },
      warnings: [],
      errors: [],
      progress: { stage: 'reading', done: 0, pending: 0 },
      pendingAuthorizations: [],
      stats: { apiCalls: { source: 0, target: 0 }, retries: 0, rateLimited: 0, durationMs: 0 },
    },
    createdAt,
    ...more,
  };
}

/** What every set of stores must do, whatever it is made of. */
export function storesContract(open: () => Stores): void {
  describe('clones', () => {
    test('a record comes back as it was created, and its id is taken from then on', async () => {
      const { clones } = open();
      const clone = record({ keyId: 'key', notes: { a: [1] }, origin: { kind: 'sync', name: 'nightly' } });

      await clones.create(clone);

      expect(await clones.get(clone.cloneId)).toEqual(clone);
      expect(await clones.get('unknown')).toBeUndefined();
      await expect(clones.create(clone)).rejects.toMatchObject({ code: 'clone_exists' });
    });

    test('saving replaces the record and keeps the wish that came in meanwhile', async () => {
      const { clones } = open();
      const clone = record();
      await clones.create(clone);

      await clones.wish(clone.cloneId, 'cancel');
      await clones.save({ ...clone, attempt: 2, heartbeatAt: '2026-01-01T00:00:01.000Z' });
      const saved = await clones.get(clone.cloneId);
      await clones.wish(clone.cloneId, undefined);
      const withoutWish = await clones.get(clone.cloneId);

      expect(saved).toMatchObject({ attempt: 2, wish: 'cancel', heartbeatAt: '2026-01-01T00:00:01.000Z' });
      expect(withoutWish?.wish).toBeUndefined();
    });

    test('an earlier attempt has no say any more, whether the clone goes on or has ended', async () => {
      const { clones } = open();
      const clone = record();
      await clones.create(clone);
      const newer = { ...clone, attempt: 2, heartbeatAt: '2026-01-01T00:00:01.000Z' };
      await clones.save(newer);

      for (const late of [clone, { ...clone, status: 'failed' as const }]) {
        await expect(clones.save(late)).rejects.toMatchObject({ code: 'superseded' });
        await expect(clones.end(late)).rejects.toMatchObject({ code: 'superseded' });
      }

      expect(await clones.get(clone.cloneId)).toEqual(newer);
    });

    test('saving and wishing need a clone that is there', async () => {
      const { clones } = open();

      await expect(clones.save(record())).rejects.toMatchObject({ code: 'clone_not_found' });
      expect(await clones.wish('unknown', 'cancel')).toBe(false);
    });

    test('a record with more warnings than an item holds is kept whole', async () => {
      const { clones } = open();
      const clone = record();
      await clones.create(clone);
      const large = (seed: number): CloneRecord => ({
        ...clone,
        state: { ...clone.state, warnings: [{ code: 'leftover_source_id', message: noise(900_000, seed) }] },
      });

      for (const saved of [large(1), clone, large(2)]) {
        await clones.save(saved);
        expect(await clones.get(clone.cloneId)).toEqual(saved);
      }
    });

    test('clones of a target are listed newest first, in pages', async () => {
      const { clones } = open();
      const target = fresh('target');
      const at = (second: number) => `2026-01-01T00:00:0${second}.000Z`;
      const [one, two, three, same] = [at(1), at(3), at(2), at(2)].map((createdAt) =>
        record({ createdAt }, target),
      );
      for (const clone of [one, two, three, same]) if (clone) await clones.create(clone);
      await clones.create(record());

      const first = await clones.listByTarget(target, { limit: 3 });
      const rest = await clones.listByTarget(target, { limit: 3, cursor: first.next ?? undefined });

      expect(first.records.map(({ cloneId }) => cloneId)).toEqual([
        two?.cloneId,
        same?.cloneId,
        three?.cloneId,
      ]);
      expect(rest.records).toEqual([one]);
      expect(rest.next).toBeNull();
      expect(await clones.listByTarget(target, { limit: 4 })).toMatchObject({ next: null });
    });

    test('running and waiting clones are unfinished until they end', async () => {
      const { clones } = open();
      const [running, waiting, planned] = (['running', 'waiting', 'planned'] as const).map((status) =>
        record({ status }),
      );
      for (const clone of [running, waiting, planned]) if (clone) await clones.create(clone);
      const mine = async () => {
        const ids = new Set([running, waiting, planned].map((clone) => clone?.cloneId));
        return (await clones.listUnfinished())
          .map(({ cloneId }) => cloneId)
          .filter((cloneId) => ids.has(cloneId));
      };

      const before = await mine();
      if (running) await clones.save({ ...running, status: 'succeeded' });
      const after = await mine();

      expect(before.sort()).toEqual([running?.cloneId, waiting?.cloneId].sort());
      expect(after).toEqual([waiting?.cloneId]);
    });

    test('parts of any size come back whole and are replaced as wholes', async () => {
      const { clones } = open();
      const clone = record();
      await clones.create(clone);
      const values = [{ plan: noise(1_200_000, 5) }, [1, null, 'x'], { plan: noise(800_000, 6) }, 'small'];

      for (const value of values) {
        await clones.putPart(clone.cloneId, 'plan', value);
        await clones.putPart(clone.cloneId, 'plan#2', 'another');
        expect(await clones.getPart(clone.cloneId, 'plan')).toEqual(value);
      }
      expect(await clones.getPart(clone.cloneId, 'plan#2')).toBe('another');
      expect(await clones.getPart(clone.cloneId, 'pla')).toBeUndefined();
    });

    test('events come back in the order of attempts and sequences, each sequence once', async () => {
      const { clones } = open();
      const { cloneId } = record();
      const event = (index: number) => ({ index, status: 'done' as const, targetId: id(index) });
      const many = Array.from({ length: 12_000 }, (_, index) => event(index));

      await clones.appendEvents(cloneId, 2, 0, [event(7)]);
      await clones.appendEvents(cloneId, 1, 10, [event(6)]);
      await clones.appendEvents(cloneId, 1, 9, many);
      await clones.appendEvents(cloneId, 1, 10, [event(6)]);
      await clones.appendEvents(cloneId, 1, 11, []);

      expect(await clones.events(cloneId)).toEqual([...many, event(6), event(7)]);
      expect(await clones.events('unknown')).toEqual([]);
    });

    test('a removed clone leaves nothing behind', async () => {
      const { clones } = open();
      const clone = record();
      await clones.create(clone);
      await clones.putPart(clone.cloneId, 'plan', { plan: noise(800_000, 7) });
      await clones.appendEvents(clone.cloneId, 1, 1, [{ index: 0, status: 'done' }]);

      await clones.remove(clone.cloneId);
      await clones.remove(clone.cloneId);

      expect(await clones.get(clone.cloneId)).toBeUndefined();
      expect(await clones.getPart(clone.cloneId, 'plan')).toBeUndefined();
      expect(await clones.events(clone.cloneId)).toEqual([]);
      expect((await clones.listByTarget(clone.state.target.account, { limit: 5 })).records).toEqual([]);
      await expect(clones.create(clone)).resolves.toBeUndefined();
    });

    test('a clone counts as absent once its retention after the end is over, and not while it goes on', async () => {
      const { clones, clock } = open();
      const ended = record();
      const resumed = record();
      for (const clone of [ended, resumed]) {
        await clones.create(clone);
        await clones.putPart(clone.cloneId, 'plan', 1);
        await clones.save({ ...clone, status: 'failed' });
      }
      await clones.save({ ...resumed, status: 'running', attempt: 2 });

      clock.move(91 * A_DAY);

      expect(await clones.get(ended.cloneId)).toBeUndefined();
      expect((await clones.listByTarget(ended.state.target.account, { limit: 5 })).records).toEqual([]);
      expect(await clones.get(resumed.cloneId)).toMatchObject({ attempt: 2 });
      expect(await clones.getPart(resumed.cloneId, 'plan')).toBe(1);
    });
  });

  describe('idempotency keys', () => {
    const binding = (cloneId: string, more: { key?: string; bodyHash?: string; keyId?: string } = {}) => ({
      keyId: 'caller',
      key: 'a key # with "signs"',
      bodyHash: 'hash',
      cloneId,
      ttlSeconds: 60,
      ...more,
    });

    test('of simultaneous calls one binds and all are told its clone', async () => {
      const { idempotency } = open();
      const key = fresh('key');

      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, n) => idempotency.bind(binding(`clone-${n}`, { key }))),
      );

      const winner = answers.find(({ bound }) => bound);
      expect(answers.filter(({ bound }) => bound)).toHaveLength(1);
      expect(new Set(answers.map(({ cloneId }) => cloneId))).toEqual(new Set([winner?.cloneId]));
    });

    test('a second body is told by the hash of the first, and keys belong to their caller', async () => {
      const { idempotency } = open();
      const key = fresh('key');
      await idempotency.bind(binding('one', { key }));

      const other = await idempotency.bind(binding('two', { key, bodyHash: 'other' }));
      const otherCaller = await idempotency.bind(binding('three', { key, keyId: 'another' }));

      expect(other).toEqual({ bound: false, cloneId: 'one', bodyHash: 'hash' });
      expect(otherCaller.bound).toBe(true);
    });

    test('a key is free again when it was released by its own clone or its time is over', async () => {
      const { idempotency, clock } = open();
      const key = fresh('key');
      await idempotency.bind(binding('one', { key }));

      await idempotency.release({ keyId: 'caller', key, cloneId: 'other' });
      const kept = await idempotency.bind(binding('two', { key }));
      await idempotency.release({ keyId: 'caller', key, cloneId: 'one' });
      const released = await idempotency.bind(binding('three', { key }));
      clock.move(61_000);
      const expired = await idempotency.bind(binding('four', { key }));

      expect([kept, released, expired].map(({ bound }) => bound)).toEqual([false, true, true]);
    });
  });

  describe('bindings of account names', () => {
    test('a name stands for what it was last bound to, and strange names for nothing', async () => {
      const { bindings } = open();
      const name = fresh('name');

      const before = await bindings.boundTo(name);
      await bindings.bind(name, 'us:1');
      await bindings.bind(name, 'eu:2');

      expect(before).toBeUndefined();
      expect(await bindings.boundTo(name)).toBe('eu:2');
      expect(await bindings.boundTo('__proto__')).toBeUndefined();
    });
  });

  describe('records', () => {
    test('a record is read with the version that its writing answered', async () => {
      const { records } = open();
      const collection = fresh('collection');

      const version = await records.put(collection, 'a', { deep: [1, null] });

      expect(await records.get(collection, 'a')).toEqual({ id: 'a', value: { deep: [1, null] }, version });
      expect(await records.get(collection, 'b')).toBeUndefined();
      expect(await records.get(fresh('collection'), 'a')).toBeUndefined();
    });

    test('a conditional write succeeds only over the version it names', async () => {
      const { records } = open();
      const collection = fresh('collection');

      const first = await records.put(collection, 'a', 1, { ifVersion: 'absent' });
      const again = await records.put(collection, 'a', 2, { ifVersion: 'absent' });
      const second = await records.put(collection, 'a', 3, { ifVersion: first });
      const stale = await records.put(collection, 'a', 4, { ifVersion: first });
      const racing = await Promise.all(
        [5, 6, 7].map((n) => records.put(collection, 'a', n, { ifVersion: second })),
      );

      expect(first).toBeDefined();
      expect([again, stale]).toEqual([undefined, undefined]);
      expect(racing.filter((version) => version !== undefined)).toHaveLength(1);
    });

    test('removal tells whether there was something, and obeys the version', async () => {
      const { records } = open();
      const collection = fresh('collection');
      const version = await records.put(collection, 'a', noise(700_000, 8));

      const wrong = await records.remove(collection, 'a', { ifVersion: 'another' });
      const right = await records.remove(collection, 'a', { ifVersion: version });
      const gone = await records.remove(collection, 'a');

      expect([wrong, right, gone]).toEqual([false, true, false]);
    });

    test('a record counts as absent once its time is over', async () => {
      const { records, clock } = open();
      const collection = fresh('collection');
      const version = await records.put(collection, 'a', 1, { ttlSeconds: 10 });

      clock.move(11_000);

      expect(await records.get(collection, 'a')).toBeUndefined();
      expect(await records.list(collection, { limit: 5 })).toEqual({ records: [], next: null });
      expect(await records.put(collection, 'a', 2, { ifVersion: version })).toBeUndefined();
      expect(await records.put(collection, 'a', 2, { ifVersion: 'absent' })).toBeDefined();
    });

    test('records are listed by prefix in pages, in both directions, large ones among them', async () => {
      const { records } = open();
      const collection = fresh('collection');
      for (const name of ['r/1', 'r/2', 'r/3', 's/1']) await records.put(collection, name, name);
      await records.put(collection, 'r/2', { large: noise(900_000, 9) });
      const ids = (page: { records: { id: string }[] }) => page.records.map((stored) => stored.id);

      const first = await records.list(collection, { prefix: 'r/', limit: 2 });
      const second = await records.list(collection, {
        prefix: 'r/',
        limit: 2,
        cursor: first.next ?? undefined,
      });
      const back = await records.list(collection, { limit: 10, descending: true });

      expect([ids(first), ids(second), second.next]).toEqual([['r/1', 'r/2'], ['r/3'], null]);
      expect(ids(back)).toEqual(['s/1', 'r/3', 'r/2', 'r/1']);
    });

    test('an id with the sign that separates parts is refused', async () => {
      const { records } = open();

      await expect(records.put('collection', 'a#b', 1)).rejects.toThrow(TypeError);
    });
  });
}
