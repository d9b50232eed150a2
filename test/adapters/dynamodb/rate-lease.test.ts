import { afterEach, describe, expect, test } from '@jest/globals';
import { createRateLease } from '../../../adapters/dynamodb/rate-lease.ts';
import { GateRegistry, openAccount, systemClock } from '../../../adapters/integrator/index.ts';
import { createMemoryRecordStore } from '../../../adapters/memory/index.ts';
import type { RecordStore } from '../../../adapters/records.ts';
import type { Account } from '../../../core/ports.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/index.ts';
import { manualClock } from '../helpers.ts';

const BUCKET = { size: 120, rate: 120 };
const PUBLISHED = { size: 1000, rate: 300 };

let sandbox: Sandbox | undefined;

afterEach(async () => {
  await sandbox?.close();
  sandbox = undefined;
});

/** A worker as another process would be: a registry of its own over the shared records. */
function worker(url: string, records: RecordStore): Account {
  const clock = systemClock;
  const gates = new GateRegistry({
    clock,
    bucket: BUCKET,
    lease: (name) => createRateLease({ records, clock, bucket: BUCKET, accountKey: async () => name }),
  });
  const token = 'sandbox-acme-token';
  return openAccount({
    name: 'acme',
    region: 'us',
    baseUrl: url,
    allowLoopbackHttp: true,
    token,
    gate: gates.gate('acme'),
    rateShare: 1,
  });
}

function started(): Promise<Sandbox> {
  return startSandbox({ bucket: { size: BUCKET.size, refillPerSecond: BUCKET.rate }, latencyMs: 5 });
}

async function calls(account: Account, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => account.get('flow', 'f'.repeat(24))));
}

describe('workers that share a bucket', () => {
  test('make all their calls together without one that is refused', async () => {
    // Prepare
    sandbox = await started();
    const records = createMemoryRecordStore({ clock: systemClock });
    const [one, other] = [worker(sandbox.url, records), worker(sandbox.url, records)];

    // Act
    await Promise.all([calls(one, 170), calls(other, 170)]);

    // Assess
    expect(sandbox.stats('acme')).toMatchObject({ calls: 340, rateLimited: 0 });
  });

  test('go on from what a worker before them used, which died and said nothing', async () => {
    // Prepare
    sandbox = await started();
    const records = createMemoryRecordStore({ clock: systemClock });
    await calls(worker(sandbox.url, records), 110);

    // Act
    await calls(worker(sandbox.url, records), 110);

    // Assess
    expect(sandbox.stats('acme')).toMatchObject({ calls: 220, rateLimited: 0 });
  });
});

describe('the lease', () => {
  function leased() {
    const clock = manualClock();
    const records = createMemoryRecordStore({ clock });
    // Sleeping moves this clock, so that nothing here may wait in the background.
    const still = { ...clock, sleep: () => new Promise<void>(() => undefined) };
    const make = () =>
      createRateLease({ records, clock: still, accountKey: async () => 'us:1', bucket: PUBLISHED });
    return { clock, records, make };
  }

  test('hands out no more than the believed burst at once, whoever asks', async () => {
    // Prepare
    const { make } = leased();
    let granted = 0;

    // Act
    for (let asked = 0; asked < 40; asked += 1) granted += (await make().take(1000)).tokens;

    // Assess
    expect(granted).toBeGreaterThan(600);
    expect(granted).toBeLessThanOrEqual(950);
  });

  test('lets tokens flow at the rate of the bucket, however many workers there are', async () => {
    // Prepare
    const { clock, make } = leased();
    const workers = [make(), make(), make()];
    let granted = 0;

    // Act
    for (let passed = 0; passed < 10_000; passed += 10) {
      for (const one of workers) {
        const { tokens } = await one.take(1000);
        granted += tokens;
        for (let token = 0; token < tokens; token += 1) one.answered();
      }
      clock.move(10);
    }

    // Assess
    expect(granted).toBeLessThanOrEqual(950 + 297 * 10);
    expect(granted).toBeGreaterThan(297 * 9);
  });

  test('gains while a burst is used up, as the bucket does', async () => {
    // Prepare: a worker that makes 500 calls a second, each answered after 50 ms
    const { clock, make } = leased();
    const one = make();
    const answers: number[] = [];
    let granted = 0;

    // Act
    for (let passed = 0; passed < 4000; passed += 10) {
      while ((answers[0] ?? Number.POSITIVE_INFINITY) <= passed) {
        answers.shift();
        one.answered();
      }
      for (let call = 0; call < 5; call += 1) {
        const { tokens } = await one.take(1);
        granted += tokens;
        if (tokens > 0) answers.push(passed + 50);
      }
      clock.move(10);
    }

    // Assess: 950 + 297 a second are there, more than it asks for
    expect(granted).toBe(2000);
  });

  test('voids tokens that were held too long', async () => {
    // Prepare
    const { clock, make } = leased();
    const stopped = make();
    await stopped.take(1);

    // Act
    clock.move(60_000);
    const other = make();
    let granted = 0;
    for (let asked = 0; asked < 20; asked += 1) granted += (await other.take(1000)).tokens;
    const late = await stopped.take(1000);

    // Assess
    expect(granted + late.tokens).toBeLessThanOrEqual(950);
  });

  test('tells every worker of a refusal', async () => {
    // Prepare
    const { clock, make } = leased();
    const [refused, other] = [make(), make()];
    await refused.take(1);

    // Act
    refused.rateLimited(2000, clock.monotonic());
    await new Promise((resolve) => setImmediate(resolve));
    const during = await other.take(10);
    clock.move(4000);
    const after = await other.take(10);

    // Assess
    expect(during.tokens).toBe(0);
    expect(after.tokens).toBeGreaterThan(0);
    expect(other.rate()).toBeLessThan(297);
  });
});
