import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { startSandbox } from '../../sandbox/index.ts';

const EXAMPLE = join(import.meta.dirname, 'example.ts');
const run = promisify(execFile);

describe('the library', () => {
  test('The documented example clones a flow.', async () => {
    const sandbox = await startSandbox({ bucket: 'unlimited' });
    try {
      const logins = sandbox.accounts().map(({ name, token }) => [name, { token, baseUrl: sandbox.url }]);
      const ACCOUNTS = JSON.stringify(Object.fromEntries(logins));

      const { stdout } = await run(process.execPath, [EXAMPLE], { env: { ...process.env, ACCOUNTS } });

      expect(stdout).toBe('5 to create\nsucceeded: 7 ids mapped\n');
      expect(sandbox.documents('acme', 'flows')).toHaveLength(1);
    } finally {
      await sandbox.close();
    }
  }, 60_000);

  test('The documentation shows the example as it is tested.', () => {
    const documentation = readFileSync(join(import.meta.dirname, '../../docs/library.md'), 'utf8');

    expect(documentation).toContain(`\`\`\`ts\n${readFileSync(EXAMPLE, 'utf8')}\`\`\`\n`);
  });
});
