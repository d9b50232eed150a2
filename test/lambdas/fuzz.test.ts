import { describe, expect, test } from '@jest/globals';
import { OPERATIONS } from '../../lambdas/http/operations.ts';
import { startFastWorld } from './fuzz/fast-world.ts';
import { type Findings, fuzz } from './fuzz/fuzz.ts';
import { readFuzzSettings } from './fuzz/settings.ts';
import { startWholeWorld } from './fuzz/whole-world.ts';
import type { World } from './fuzz/world.ts';

/** Small enough for every run of the tests; `npm run fuzz` sends more than twenty thousand. */
const SETTINGS = readFuzzSettings(process.env, { runs: 1_500, seed: 20_260 });

/** Fewer go over sockets. */
const WHOLE = { ...SETTINGS, runs: Math.ceil(SETTINGS.runs / 15) };

const MOST_MS = 200_000;

async function sendTo(start: () => Promise<World>, settings: typeof SETTINGS): Promise<Findings> {
  const world = await start();
  try {
    return await fuzz(world, settings);
  } finally {
    await world.close();
  }
}

/** With the seed that brings the same requests back. */
function told({ complaints }: Findings): string[] {
  return complaints.map((complaint) => `FLOWFERRY_FUZZ_SEED=${SETTINGS.seed} ${complaint}`);
}

describe('whatever is sent', () => {
  test(
    'to the handlers is answered in time, below 500, and with a problem document where it is refused',
    async () => {
      const findings = await sendTo(startFastWorld, SETTINGS);

      expect(told(findings)).toEqual([]);
      // Every route was asked for, and some of it was real work.
      if (SETTINGS.runs < 1_500) return;
      expect([...findings.counts.keys()].sort()).toEqual([...Object.keys(OPERATIONS), '$default'].sort());
      expect(findings.counts.get('POST /clone')?.get(200)).toBeGreaterThan(0);
      expect(findings.counts.get('POST /clone')?.get(202)).toBeGreaterThan(0);
    },
    MOST_MS,
  );

  test(
    'over real HTTP to the whole service is answered so, too',
    async () => {
      expect(told(await sendTo(startWholeWorld, WHOLE))).toEqual([]);
    },
    MOST_MS,
  );
});
