import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { alarms } from '../../infra/alarms.ts';
import { resolveServiceProps } from '../../infra/service-props.ts';
import { ROUTE_LIMITS, STAGE_LIMIT } from '../../lambdas/route-limits.ts';

const docs = new URL('../../docs/', import.meta.url);

/** Every link of a page into the tests: the text that stands for it, and where it leads. */
function linksIntoTests(page: string): [text: string, path: string][] {
  const text = readFileSync(new URL(page, docs), 'utf8');
  return [...text.matchAll(/\[([^\]]+)\]\((\.\.\/test\/[^)]+)\)/g)].map(([, label = '', path = '']) => [
    label,
    path,
  ]);
}

/** The rows of a page's tables, without heads and rules. */
function rowsOf(page: string): string[] {
  const lines = readFileSync(new URL(page, docs), 'utf8').split('\n');
  return lines.filter(
    (line, index) =>
      line.startsWith('|') && !/^\|[-|]+$/.test(line) && !/^\|[-|]+$/.test(lines[index + 1] ?? ''),
  );
}

describe('the promises of docs/security.md', () => {
  const links = linksIntoTests('security.md');

  test('each names at least one test', () => {
    // Act
    const rows = rowsOf('security.md');

    // Assess
    expect(rows.length).toBeGreaterThan(25);
    expect(rows.filter((row) => !row.includes('](../test/'))).toEqual([]);
  });

  test('every file that is named exists', () => {
    expect(links.filter(([, path]) => !existsSync(new URL(path, docs)))).toEqual([]);
  });

  test('every test that is quoted stands in the file that is named', () => {
    // Act
    const quoted = links.filter(([label]) => /^".+"$/.test(label));
    const missing = quoted.filter(
      ([label, path]) => !readFileSync(new URL(path, docs), 'utf8').includes(label.slice(1, -1)),
    );

    // Assess
    expect(quoted.length).toBeGreaterThan(15);
    expect(missing).toEqual([]);
  });
});

test.each(['security.md', 'operations.md', 'deploying.md', 'templates.md'])(
  'no link of docs/%s leads nowhere',
  (page) => {
    // Prepare
    const text = readFileSync(new URL(page, docs), 'utf8');
    const links = [...text.matchAll(/\]\(([^)#:]+\.(?:md|ts))(?:#[^)]*)?\)/g)].map(([, path = '']) => path);

    // Act and assess
    expect(links.filter((path) => !existsSync(new URL(path, docs)))).toEqual([]);
  },
);

describe('docs/deploying.md', () => {
  const text = readFileSync(new URL('deploying.md', docs), 'utf8');

  test('tells the limit of every route that has one of its own', () => {
    // Act
    const rows = [...text.matchAll(/^\| `([A-Z]+ \/\S+)` \| (\d+) \| (\d+) \|/gm)];
    const told = rows.map(([, key, rate, burst]) => [key, { rate: Number(rate), burst: Number(burst) }]);

    // Assess
    expect(Object.fromEntries(told)).toEqual(ROUTE_LIMITS);
    expect(text).toContain(`the ${STAGE_LIMIT.rate} and ${STAGE_LIMIT.burst} that hold for every other`);
  });

  test('tells of every option', () => {
    const options = Object.keys(resolveServiceProps({})).filter((name) => name !== 'functionsFolder');
    expect(options.filter((name) => !text.includes(`| \`${name}\` |`))).toEqual([]);
  });
});

describe('docs/operations.md', () => {
  const text = readFileSync(new URL('operations.md', docs), 'utf8');

  test('says of every alarm what to do', () => {
    expect(alarms.filter(({ id }) => !text.includes(`\`${id}\``))).toEqual([]);
  });

  test('lists every error that the gateway of a local run writes in words of its own', () => {
    const sources = ['gateway.ts', 'throttled.ts'].map((name) =>
      readFileSync(new URL(`../local/${name}`, docs), 'utf8'),
    );
    const own = [...sources.join('\n').matchAll(/\b([45]\d\d), '([A-Z][A-Za-z ]+)'/g)];

    expect(own.length).toBeGreaterThan(5);
    expect(own.filter(([, status, message]) => !text.includes(`| ${status} | \`${message}\` |`))).toEqual([]);
  });

  test('sums up what it estimates', () => {
    // Prepare: each table of costs, its last cell the sum
    const tables = text
      .split('| | arithmetic | a month |')
      .slice(1)
      .map((rest) => rest.split('\n\n')[0] ?? '');

    // Act
    const sums = tables.map((table) => {
      const cells = table
        .trim()
        .split('\n')
        .slice(1)
        .map((row) => (row.split('|').at(-2) ?? '').trim());
      const total = Number((cells.at(-1) ?? '').replaceAll('*', ''));
      const sum = cells.slice(0, -1).reduce((all, cell) => all + Number(cell), 0);
      return [Math.round(sum * 100) / 100, total];
    });

    // Assess
    expect(sums).toHaveLength(2);
    for (const [sum, total] of sums) expect(sum).toBe(total);
  });
});
