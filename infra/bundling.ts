import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync } from 'esbuild';

const root = fileURLToPath(new URL('../', import.meta.url));

/**
 * How every function is bundled. The AWS SDK goes into the bundle, since the runtime's own copy makes cold starts
 * slower; `module` before `main` lets esbuild drop what is not used. The banner gives CommonJS dependencies the
 * `require` that an ES module lacks. Neither metafile nor source map: both would ship inside the asset.
 */
export const bundlingOptions = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  mainFields: ['module', 'main'],
  sourcemap: false,
  sourcesContent: false,
  metafile: false,
  legalComments: 'none',
  logLevel: 'error',
  banner: {
    js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);",
  },
} as const satisfies BuildOptions;

/** The most bytes a function's bundle may have, by the function's name. Initialisation is slow, and billed. */
const budgets: Readonly<Record<string, number>> = {
  clone: 550_000,
  worker: 700_000,
  'worker-queue': 700_000,
};
const budgetOfOthers = 450_000;

/** The most bytes the bundle of this function may have. */
export function budgetOf(name: string): number {
  return budgets[name] ?? budgetOfOthers;
}

/** A function that is to be deployed, but has no code. */
export class EntryMissingError extends Error {
  readonly code = 'entry_missing';

  constructor(name: string, entry: string) {
    super(`The function "${name}" is to be deployed, but ${entry} does not exist.`);
    this.name = 'EntryMissingError';
  }
}

/** A bundle that outgrew its budget. */
export class BundleTooLargeError extends Error {
  readonly code = 'bundle_too_large';

  constructor(name: string, bytes: number, budget: number) {
    super(`The bundle of "${name}" has ${bytes} bytes; its budget is ${budget}.`);
    this.name = 'BundleTooLargeError';
  }
}

/**
 * The folder that holds a function's `index.ts`.
 * @throws EntryMissingError where there is none: nothing is ever deployed in its place.
 */
export function entryFolder(name: string, functionsFolder = join(root, 'lambdas')): string {
  const folder = join(functionsFolder, name);
  const entry = join(folder, 'index.ts');
  if (!statSync(entry, { throwIfNoEntry: false })?.isFile()) throw new EntryMissingError(name, entry);
  return folder;
}

/**
 * Bundles one function into `outputFolder/index.mjs` and answers its bytes.
 * @throws BundleTooLargeError, having written nothing, when they are more than `budget`.
 */
export function bundle(name: string, folder: string, outputFolder: string, budget = budgetOf(name)): number {
  const { outputFiles } = buildSync({
    ...bundlingOptions,
    entryPoints: [join(folder, 'index.ts')],
    outfile: join(outputFolder, 'index.mjs'),
    write: false,
  });
  const bytes = outputFiles.reduce((sum, { contents }) => sum + contents.byteLength, 0);
  if (bytes > budget) throw new BundleTooLargeError(name, bytes, budget);
  for (const { path, contents } of outputFiles) writeFileSync(path, contents);
  return bytes;
}
