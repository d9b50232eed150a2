import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from '@jest/globals';
import { budgetOf, bundle, entryFolder } from '../../infra/bundling.ts';
import { Synthesized } from './synthesize.ts';

const run = promisify(execFile);
const durable = new Synthesized();
const queued = new Synthesized({ durable: false });

/** Every deployed function: its folder, and the environment that its template gives it. */
const deployed = [
  ...[...durable.functions.keys()].map((name) => [name, variablesOf(durable, name)] as const),
  ['worker-queue', variablesOf(queued, 'worker')] as const,
];

describe.each(deployed)('the bundle of %s', (name, variables) => {
  const output = mkdtempSync(join(tmpdir(), 'flowferry-bundle-'));
  afterAll(() => rmSync(output, { recursive: true }));

  test('keeps its budget', () => {
    // Act
    const bytes = bundle(name, entryFolder(name), output);

    // Assess
    expect(bytes).toBeLessThanOrEqual(budgetOf(name));
    expect(bytes).toBeGreaterThanOrEqual(statSync(join(output, 'index.mjs')).size);
  });

  test('starts in a process of its own with the environment that it is deployed with', async () => {
    // Prepare: over its budget or not, this is about whether it runs
    bundle(name, entryFolder(name), output, Number.POSITIVE_INFINITY);
    const index = pathToFileURL(join(output, 'index.mjs')).href;
    const script = `const { handler } = await import(${JSON.stringify(index)}); console.log(typeof handler);`;

    // Act
    const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '--eval', script], {
      env: { ...variables, AWS_REGION: 'eu-central-1', AWS_LAMBDA_FUNCTION_NAME: name },
    });

    // Assess
    expect(stdout.trim()).toBe('function');
    expect(stderr).toBe('');
  });
});

test('the budgets are those within which cold starts were measured', () => {
  expect(['clone', 'worker', 'clones', 'accounts', 'meta'].map((name) => budgetOf(name))).toEqual([
    550_000, 700_000, 450_000, 450_000, 450_000,
  ]);
});

/** A function's variables; what only CloudFormation knows stands in as an address, which may be a name as well. */
function variablesOf(made: Synthesized, name: string): Record<string, string> {
  const { Variables = {} } = (made.properties(name).Environment ?? {}) as {
    Variables?: Record<string, unknown>;
  };
  return Object.fromEntries(
    Object.entries(Variables).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : 'https://resource.example/made-when-deployed',
    ]),
  );
}
