import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flowferry-durable-'));
});
afterEach(() => rm(folder, { recursive: true }));

const linesSoFar = async () =>
  (await readFile(join(folder, 'steps.log'), 'utf8').catch(() => ''))
    .split('\n')
    .filter((line) => line !== '');

function start(): ChildProcess {
  const script = join(import.meta.dirname, 'durable-process.ts');
  return spawn(process.execPath, [script, folder], { stdio: 'inherit' });
}

/** Kills the process once the log holds the line, and answers whether the process had not ended before. */
async function killAt(line: string): Promise<void> {
  const child = start();
  const exited = once(child, 'exit');
  while (child.exitCode === null && !(await linesSoFar()).includes(line)) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  child.kill('SIGKILL');
  await exited;
}

test('after kills in the middle of steps and of a wait, finished steps are not run again and the rest is', async () => {
  await killAt('begin 1');
  await killAt('end 2');
  await killAt('begin 4');

  const child = start();
  const [exitCode] = await once(child, 'exit');

  const lines = await linesSoFar();
  expect(exitCode).toBe(0);
  expect(lines.filter((line) => line.startsWith('trouble'))).toEqual([]);
  expect(lines.at(-1)).toBe('result {"sum":115}');
  // The second to fourth process found the execution unfinished and went on with it.
  expect(lines.filter((line) => line.startsWith('process'))).toEqual([
    'process 0',
    'process 1',
    'process 1',
    'process 1',
  ]);
  // Once a step has begun, all before it are in the journal: none of them begins again.
  const begun = lines
    .filter((line) => line.startsWith('begin'))
    .map((line) => Number(line.slice('begin '.length)));
  expect(begun).toEqual([...begun].sort((one, other) => one - other));
  expect([...new Set(begun)]).toEqual([0, 1, 2, 3, 4, 5]);
  // Only a step that a kill interrupted may be there twice.
  expect(begun.length).toBeLessThanOrEqual(6 + 3);
  expect(await readdir(join(folder, 'executions'))).toEqual(['worker.clone-1.ended']);
});

test('an execution that ended is not run again by a later process, which still knows its result', async () => {
  for (let run = 0; run < 2; run++) {
    const [exitCode] = await once(start(), 'exit');
    expect(exitCode).toBe(0);
  }

  const lines = await linesSoFar();
  expect(lines.filter((line) => line === 'begin 0')).toHaveLength(1);
  expect(lines.filter((line) => line === 'result {"sum":115}')).toHaveLength(2);
});
