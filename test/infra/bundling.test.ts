import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { BundleTooLargeError, bundle, EntryMissingError, entryFolder } from '../../infra/bundling.ts';
import { FlowferryService } from '../../infra/flowferry-service.ts';
import { functionsFolder } from './synthesize.ts';

const all = mkdtempSync(join(tmpdir(), 'flowferry-bundling-'));
const newFolder = () => mkdtempSync(join(all, 'folder-'));
afterAll(() => rmSync(all, { recursive: true }));

/** A function folder whose entry has this text. */
function entry(text: string): string {
  const folder = join(newFolder(), 'fn');
  mkdirSync(folder);
  writeFileSync(join(folder, 'index.ts'), text);
  return folder;
}

describe('bundling', () => {
  test('what is over its budget fails the build and is not written', () => {
    // Prepare
    const output = newFolder();
    const folder = entry(`export const handler = () => ${JSON.stringify('x'.repeat(2_000))};`);

    // Act
    const act = () => bundle('fn', folder, output, 1_000);

    // Assess
    expect(act).toThrow(BundleTooLargeError);
    expect(act).toThrow(expect.objectContaining({ code: 'bundle_too_large' }));
    expect(existsSync(join(output, 'index.mjs'))).toBe(false);
  });

  test('a CommonJS dependency can still ask for a module of Node', async () => {
    // Prepare
    const output = newFolder();
    const folder = entry("import { type } from './old.cjs';\nexport const handler = () => type;\n");
    writeFileSync(join(folder, 'old.cjs'), "exports.type = typeof require('node:os').cpus;\n");

    // Act
    bundle('fn', folder, output);
    const { handler } = (await import(pathToFileURL(join(output, 'index.mjs')).href)) as {
      handler: () => string;
    };

    // Assess
    expect(handler()).toBe('function');
  });

  test('what is imported dynamically is shipped beside the entry, and no cold start pays for it', () => {
    // Prepare
    const output = newFolder();
    const folder = entry("export const handler = async () => (await import('./rare.ts')).text;\n");
    writeFileSync(join(folder, 'rare.ts'), `export const text = ${JSON.stringify('y'.repeat(5_000))};\n`);

    // Act
    const bytes = bundle('fn', folder, output, 1_000);

    // Assess
    expect(bytes).toBe(statSync(join(output, 'index.mjs')).size);
    expect(readdirSync(output)).toHaveLength(2);
  });

  test('what is imported statically counts, in whatever file it is shipped', () => {
    // Prepare
    const folder = entry(
      "import { text } from './often.ts';\nexport const handler = async () => [text, await import('./rare.ts')];\n",
    );
    writeFileSync(join(folder, 'rare.ts'), "export { text } from './often.ts';\n");
    writeFileSync(join(folder, 'often.ts'), `export const text = ${JSON.stringify('z'.repeat(5_000))};\n`);

    // Act
    const bytes = bundle('fn', folder, newFolder());

    // Assess
    expect(bytes).toBeGreaterThan(5_000);
  });

  test('nothing but modules is shipped: no map, no metafile, no source text', () => {
    // Prepare
    const output = newFolder();

    // Act
    bundle('meta', entryFolder('meta'), output);

    // Assess
    const files = readdirSync(output);
    expect(files).toEqual(files.filter((file) => file.endsWith('.mjs')));
    for (const file of files)
      expect(readFileSync(join(output, file), 'utf8')).not.toContain('sourceMappingURL');
  });

  test.each(['clone', 'worker', 'meta'])(
    'a service whose function %s has no code is not synthesized',
    (name) => {
      // Prepare
      const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'flowferry');

      // Act
      const act = () =>
        new FlowferryService(stack, 'Service', { functionsFolder: functionsFolder({ without: [name] }) });

      // Assess
      expect(act).toThrow(EntryMissingError);
    },
  );
});
