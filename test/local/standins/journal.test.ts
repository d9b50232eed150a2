import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type JournalLine, openJournal } from '../../../local/standins/journal.ts';

const due = (at: number): JournalLine => ({ kind: 'due', at, ids: ['ä'] });

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flowferry-journal-'));
  path = join(folder, 'deeper', 'one.journal');
});
afterEach(() => rm(folder, { recursive: true }));

test('lines come back in the order they were written, from one process to the next', async () => {
  const journal = await openJournal(path);
  await Promise.all([1, 2, 3].map((at) => journal.append(due(at))));
  await journal.close();

  const again = await openJournal(path);
  await again.append(due(4));
  await again.close();
  const last = await openJournal(path);

  expect(last.lines).toEqual([1, 2, 3, 4].map(due));
  await last.close();
});

test('a line cut in the middle, even within a character, is cut off and what follows stands alone', async () => {
  const first = await openJournal(path);
  await first.append(due(1));
  await first.close();
  const whole = Buffer.from(`${JSON.stringify(due(2))}\n`);
  const inCharacter = whole.indexOf(0xc3) + 1;

  for (const length of [1, inCharacter, whole.length - 1]) {
    await appendFile(path, whole.subarray(0, length));
    const journal = await openJournal(path);
    expect(journal.lines.at(-1)).not.toEqual(due(2));
    await journal.append(due(3));
    await journal.close();
  }

  const text = await readFile(path, 'utf8');
  expect(
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  ).toEqual([1, 3, 3, 3].map(due));
});
