import { expect, test } from '@jest/globals';
import { repeatedly } from '../../local/timer.ts';

/** Something that is done as often as told, each time ended by hand. */
function deeds() {
  const open: (() => void)[] = [];
  let begun = 0;
  let tell: () => void = () => undefined;
  return {
    deed: () => {
      begun += 1;
      tell();
      return new Promise<void>((resolve) => open.push(resolve));
    },
    begun: () => begun,
    next: () =>
      new Promise<void>((resolve) => {
        tell = resolve;
      }),
    endOne: () => open.shift()?.(),
  };
}

test('What is repeated is never done twice at a time.', async () => {
  const work = deeds();
  const first = work.next();
  const timer = repeatedly(1, work.deed, 60_000);

  await first;
  await new Promise((resolve) => setTimeout(resolve, 20));
  const meanwhile = work.begun();
  const second = work.next();
  work.endOne();
  await second;
  const closed = timer.close();
  work.endOne();
  await closed;

  expect(meanwhile).toBe(1);
  expect(work.begun()).toBe(2);
});

test('An error ends nothing.', async () => {
  const work = deeds();
  const second = work.next();
  let isFirst = true;
  const timer = repeatedly(
    1,
    async () => {
      if (!isFirst) return work.deed();
      isFirst = false;
      throw new Error('the first time');
    },
    60_000,
  );

  await second;
  work.endOne();
  await timer.close();

  expect(work.begun()).toBe(1);
});

test('Closing does not wait for ever for what is under way.', async () => {
  const work = deeds();
  const first = work.next();
  const timer = repeatedly(1, work.deed, 10);

  await first;
  await timer.close();

  expect(work.begun()).toBe(1);
});
