import { readFileSync, writeFileSync } from 'node:fs';
import type { ColdStartRow } from './scenarios/coldstart.ts';
import type { GrowthRow } from './scenarios/growth.ts';
import type { PlanningRow } from './scenarios/planning.ts';
import type { PolicyRow } from './scenarios/policies.ts';
import type { RerunRow } from './scenarios/rerun.ts';
import type { SizeRow } from './scenarios/size.ts';
import type { WorkersRow } from './scenarios/workers.ts';

/** What was measured, by scenario; a scenario that was not run yet is absent. */
export interface Results {
  size?: SizeRow[];
  policies?: PolicyRow[];
  rerun?: RerunRow[];
  growth?: GrowthRow[];
  planning?: PlanningRow[];
  workers?: WorkersRow[];
  coldStart?: ColdStartRow[];
  machine?: string;
}

const FILE = new URL('./results.json', import.meta.url);

/** The results of earlier runs. */
export function readResults(): Results {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8')) as Results;
  } catch {
    return {};
  }
}

/** Keeps results, so that one scenario can be measured again without the others. */
export function writeResults(results: Results): void {
  writeFileSync(FILE, `${JSON.stringify(results, null, 2)}\n`);
}
