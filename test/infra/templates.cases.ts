import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { diffOf, type Resources } from '../../infra/template-diff.ts';
import { templatesMarkdown } from '../../infra/template-docs.ts';

const resources = (all: Record<string, [type: string, properties: unknown]>): Resources =>
  new Map(Object.entries(all).map(([path, [type, properties]]) => [path, { type, properties }]));

describe('the difference of two templates', () => {
  test('names what came, what went and which properties changed', () => {
    // Prepare
    const before = resources({
      kept: ['Function', { Timeout: 1, Environment: { Variables: { A: 'x', B: 'y' } } }],
      gone: ['Queue', {}],
      same: ['Table', { Rows: [1, 2] }],
    });
    const after = resources({
      kept: ['Function', { Timeout: 2, Environment: { Variables: { A: 'x', B: 'z', C: { Ref: 'new' } } } }],
      same: ['Table', { Rows: [1, 2] }],
      new: ['Topic', {}],
    });

    // Act and assess
    expect(diffOf(before, after)).toEqual({
      added: [{ path: 'new', type: 'Topic' }],
      removed: [{ path: 'gone', type: 'Queue' }],
      changed: [
        {
          path: 'kept',
          type: 'Function',
          properties: ['Timeout', 'Environment.Variables.B', 'Environment.Variables.C'],
        },
      ],
    });
  });

  test('a resource that became another type came and went', () => {
    // Act
    const { added, removed, changed } = diffOf(
      resources({ a: ['Queue', {}] }),
      resources({ a: ['Topic', {}] }),
    );

    // Assess
    expect([added, removed, changed]).toEqual([
      [{ path: 'a', type: 'Topic' }],
      [{ path: 'a', type: 'Queue' }],
      [],
    ]);
  });
});

test('the page of the templates is the one that these templates give (npm run docs)', () => {
  const written = readFileSync(new URL('../../docs/templates.md', import.meta.url), 'utf8');
  expect(templatesMarkdown()).toBe(written);
});
