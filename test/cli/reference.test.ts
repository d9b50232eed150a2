import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { commandReference } from '../../cli/reference.ts';
import { runHere } from './support.ts';

const ROOT = join(import.meta.dirname, '../..');

describe('the documentation of the command line', () => {
  test('It is what the commands themselves tell; `npm run docs` writes it.', () => {
    expect(readFileSync(join(ROOT, 'docs/cli.md'), 'utf8')).toBe(commandReference());
  });

  test('Every command of the contract is there, with --json.', () => {
    const reference = commandReference();
    const flows = ['list', 'get', 'create', 'update', 'delete', 'clone', 'run'].map(
      (name) => `flows ${name}`,
    );
    const others = ['plan', 'clone', 'status', 'resume', 'rollback', 'accounts', 'sandbox', 'sync run'];

    for (const name of [...flows, ...others]) {
      const section = reference.split(`### flowferry ${name}\n`)[1]?.split('\n### ')[0];
      expect(section).toContain(`Usage: flowferry ${name}`);
      expect(section).toContain('--json');
    }
  });

  test.each([[['--help']], [['flows', '--help']], [['clone', '--help']], [['--version']]])(
    'flowferry %j ends with 0 and writes to standard output only.',
    async (args) => {
      expect(await runHere(args)).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/\S/) });
    },
  );
});
