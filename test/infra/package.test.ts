import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import manifest from '../../package.json' with { type: 'json' };

const ROOT = join(import.meta.dirname, '../..');
const APP = join(import.meta.dirname, 'other-app.ts');
const run = promisify(execFile);

/** What the sources of the constructs import. */
function imported(): string[] {
  const folder = join(ROOT, 'infra');
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  return texts.flatMap((text) => [...text.matchAll(/ from '([^']+)'/g)].map((match) => String(match[1])));
}

describe('the constructs, from the package', () => {
  test('are what another app needs to synthesize the service', async () => {
    const CDK_OUTDIR = mkdtempSync(join(tmpdir(), 'flowferry-other-app-'));
    try {
      await run(process.execPath, [APP], { env: { ...process.env, CDK_OUTDIR } });

      const template = JSON.parse(readFileSync(join(CDK_OUTDIR, 'provisioning.template.json'), 'utf8'));
      const types = Object.values(template.Resources as Record<string, { Type: string }>).map(
        ({ Type }) => Type,
      );
      const assets = readdirSync(CDK_OUTDIR).filter((name) => name.startsWith('asset.'));
      expect(types.filter((type) => type === 'AWS::Lambda::Function').length).toBeGreaterThan(8);
      expect(assets.every((name) => readdirSync(join(CDK_OUTDIR, name)).includes('index.mjs'))).toBe(true);
    } finally {
      rmSync(CDK_OUTDIR, { recursive: true });
    }
  }, 120_000);

  test('are shown by the documentation as they are tested', () => {
    const documentation = readFileSync(join(ROOT, 'docs/deploying.md'), 'utf8');

    expect(documentation).toContain(`\`\`\`ts\n${readFileSync(APP, 'utf8')}\`\`\`\n`);
  });

  test('come with all they import, and with the functions they bundle', () => {
    const names = imported().filter((name) => !name.startsWith('.') && !name.startsWith('node:'));
    const beside = imported().flatMap((name) => /^\.\.\/([^/]+)/.exec(name)?.[1] ?? []);

    expect(Object.keys(manifest.dependencies)).toEqual(
      expect.arrayContaining(names.map((name) => String(name.split('/')[0]))),
    );
    expect(manifest.files).toEqual(expect.arrayContaining(['infra', 'lambdas', 'core', ...beside]));
  });
});
