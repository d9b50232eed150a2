import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '..');
const ROOMS = ['core', 'adapters', 'lambdas', 'infra', 'sandbox', 'local', 'cli', 'bench'] as const;
type Room = (typeof ROOMS)[number];

/** Which rooms a room may import from, besides itself. Arrows point down only. */
const ARROWS: Record<Room, readonly Room[]> = {
  core: [],
  adapters: ['core'],
  lambdas: ['adapters', 'core'],
  infra: ['lambdas', 'adapters', 'core'],
  sandbox: [],
  local: ['lambdas', 'adapters', 'core', 'sandbox'],
  cli: ['local', 'lambdas', 'adapters', 'core', 'sandbox'],
  bench: [...ROOMS],
};

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
}

function roomOf(path: string): string {
  return relative(ROOT, path).split('/')[0] ?? '';
}

describe('the house', () => {
  test.each(ROOMS)('%s imports only from the rooms below it', (room) => {
    const files = filesIn(join(ROOT, room));
    expect(files.length).toBeGreaterThan(0);
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => roomOf(resolve(dirname(file), specifier)))
        // What stands at the top, such as cdk.json, is everybody's.
        .filter((other) => !other.includes('.'))
        .filter((other) => other !== room && !ARROWS[room].includes(other as Room))
        .map((other) => `${relative(ROOT, file)} imports from ${other}`),
    );
    expect(wrong).toEqual([]);
  });

  test('the core reads no clock, no environment and no network, and knows nothing of AWS', () => {
    const forbidden = [
      /\bprocess\./,
      /\bDate\.now\(/,
      /\bnew Date\(\)/,
      /\bperformance\./,
      /\bfetch\(/,
      /\bset(?:Timeout|Interval)\(/,
      /Math\.random\(/,
      /from '(?:node:(?:fs|http|https|net|os|process|timers)[^']*|@aws-[^']*|@middy[^']*|ky)'/,
    ];
    const wrong = filesIn(join(ROOT, 'core')).flatMap((file) => {
      const code = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*|`[^`]*`/g, '');
      return forbidden
        .filter((pattern) => pattern.test(code))
        .map((pattern) => `${relative(ROOT, file)}: ${pattern}`);
    });
    expect(wrong).toEqual([]);
  });

  test('no file outside tests grows beyond one concept', () => {
    const long = ROOMS.flatMap((room) => filesIn(join(ROOT, room)))
      .map((file) => ({ file: relative(ROOT, file), lines: readFileSync(file, 'utf8').split('\n').length }))
      .filter(({ lines }) => lines > 400);
    expect(long).toEqual([]);
  });
});
