import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { REFERENCES, referencesMarkdown } from '../../../core/references/index.ts';

test('The documentation is what the table makes of itself: if not, npm run docs', () => {
  const written = readFileSync(new URL('../../../docs/references.md', import.meta.url), 'utf8');

  expect(written).toBe(referencesMarkdown());
});

test('The documentation has every row', () => {
  const rows = referencesMarkdown().split('\n');

  for (const { path } of REFERENCES)
    expect(rows.some((line) => line.startsWith(`| \`${path}\` |`))).toBe(true);
});
