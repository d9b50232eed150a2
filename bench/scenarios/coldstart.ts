import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { budgetOf, bundle, entryFolder } from '../../infra/bundling.ts';
import { httpFunctions, scheduledFunctions } from '../../infra/functions.ts';
import { median } from '../floor.ts';

/** What a cold start of one function loads. */
export interface ColdStartRow {
  name: string;
  bytes: number;
  budget: number;
  importMs: number;
}

const run = promisify(execFile);

/** Variables that functions ask for when they are loaded; none of them leads anywhere. */
const VARIABLES = {
  AWS_REGION: 'us-east-1',
  AWS_LAMBDA_FUNCTION_NAME: 'bench',
  FLOWFERRY_TABLE: 'flowferry',
  FLOWFERRY_WORKER_FUNCTION: 'worker',
};

const NAMES = [...Object.keys(httpFunctions), ...Object.keys(scheduledFunctions), 'worker', 'worker-queue'];

const CODE = `const began = performance.now();
await import(process.argv[1]);
console.log(performance.now() - began);
process.exit(0);`;

/** Loads each function's bundle in fresh processes. */
export async function coldStart(quick: boolean): Promise<ColdStartRow[]> {
  const rounds = quick ? 5 : 25;
  const rows: ColdStartRow[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'bundles-'));
  try {
    for (const name of NAMES) {
      const output = join(folder, name);
      await mkdir(output);
      const bytes = bundle(name, entryFolder(name), output);
      const times: number[] = [];
      for (let round = 0; round < rounds; round += 1)
        times.push(await imported(join(output, 'index.mjs'), name));
      rows.push({ name, bytes, budget: budgetOf(name), importMs: median(times) });
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return rows;
}

async function imported(file: string, name: string): Promise<number> {
  const queue = name === 'worker-queue' ? { FLOWFERRY_WORKER_QUEUE_URL: 'https://sqs.invalid/queue' } : {};
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', CODE, file], {
    env: { PATH: process.env['PATH'] ?? '', ...VARIABLES, ...queue },
  });
  return Number(stdout);
}
