import { statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';

const root = fileURLToPath(new URL('../', import.meta.url));

/**
 * How every function is bundled. The AWS SDK goes into the bundle, since the runtime's own copy makes cold starts
 * slower; `module` before `main` lets esbuild drop what is not used. What is imported dynamically becomes a file of
 * its own, which a cold start does not read: most of all the SDK's ways to credentials that Lambda never needs. The
 * banner gives CommonJS dependencies the `require` that an ES module lacks. There are no source maps, and the
 * metafile is for counting only: it is never written.
 */
export const bundlingOptions = {
  absWorkingDir: root,
  bundle: true,
  splitting: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  mainFields: ['module', 'main'],
  sourcemap: false,
  sourcesContent: false,
  metafile: true,
  write: false,
  legalComments: 'none',
  logLevel: 'error',
  banner: {
    js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);",
  },
} as const satisfies BuildOptions;

/**
 * The most bytes that a cold start of a function may load, by the function's name: its entry and all that this
 * imports statically. Loading is slow, and billed.
 */
const budgets: Readonly<Record<string, number>> = {
  clone: 550_000,
  worker: 700_000,
  'worker-queue': 700_000,
};
const budgetOfOthers = 450_000;

/** The most bytes that a cold start of this function may load. */
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

/** A bundle of which a cold start would load more than its budget. */
export class BundleTooLargeError extends Error {
  readonly code = 'bundle_too_large';

  constructor(name: string, bytes: number, budget: number) {
    super(`A cold start of "${name}" would load ${bytes} bytes; its budget is ${budget}.`);
    this.name = 'BundleTooLargeError';
  }
}

/** Whether there is a function of this name. */
export function hasEntry(name: string, functionsFolder = join(root, 'lambdas')): boolean {
  return statSync(join(functionsFolder, name, 'index.ts'), { throwIfNoEntry: false })?.isFile() ?? false;
}

/**
 * The folder that holds a function's `index.ts`.
 * @throws EntryMissingError where there is none: nothing is ever deployed in its place.
 */
export function entryFolder(name: string, functionsFolder = join(root, 'lambdas')): string {
  const folder = join(functionsFolder, name);
  if (!hasEntry(name, functionsFolder)) throw new EntryMissingError(name, join(folder, 'index.ts'));
  return folder;
}

/**
 * Bundles one function into `outputFolder`, its entry as `index.mjs`, and answers the bytes a cold start loads.
 * @throws BundleTooLargeError, having written nothing, when they are more than `budget`.
 */
export function bundle(name: string, folder: string, outputFolder: string, budget = budgetOf(name)): number {
  const { outputFiles, metafile } = buildSync({
    ...bundlingOptions,
    entryPoints: { index: join(folder, 'index.ts') },
    outdir: outputFolder,
  });
  const entry = relative(root, join(outputFolder, 'index.mjs'));
  const bytes = sum(metafile, reached(metafile, entry, 'at start'));
  if (bytes > budget) throw new BundleTooLargeError(name, bytes, budget);
  // esbuild also answers what was imported dynamically by code that it then dropped.
  const used = reached(metafile, entry, 'ever');
  for (const { path, contents } of outputFiles) {
    if (used.has(relative(root, path))) writeFileSync(path, contents);
  }
  return bytes;
}

/** The output files that an entry imports: those loaded with it, or also those it may load later. */
function reached({ outputs }: Metafile, entry: string, when: 'at start' | 'ever'): ReadonlySet<string> {
  const files = new Set([entry]);
  // A set can grow while it is walked: what is added is visited too.
  for (const file of files) {
    for (const { path, kind, external } of outputs[file]?.imports ?? []) {
      if (!external && (when === 'ever' || kind !== 'dynamic-import')) files.add(path);
    }
  }
  return files;
}

function sum({ outputs }: Metafile, files: ReadonlySet<string>): number {
  return [...files].reduce((bytes, file) => bytes + (outputs[file]?.bytes ?? 0), 0);
}
