import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { BINARY, jsonOf, ORDER, startWorld } from './support.ts';

describe('streams that nobody takes', () => {
  test('A clone goes on to its end when standard error is closed halfway.', async () => {
    const world = await startWorld();
    try {
      const running = world.start(['clone', ...ORDER, '--verbose', '--json']);
      await running.said('"message"');
      running.child.stderr?.destroy();
      const ended = await running.ended;

      expect(ended.code).toBe(0);
      expect(jsonOf(ended)).toMatchObject({ status: 'succeeded' });
      expect(world.sandbox.documents('acme', 'flows')).toHaveLength(1);
    } finally {
      await world.close();
    }
  }, 60_000);

  const onLinux = process.platform === 'linux' ? test.each : test.skip.each;
  onLinux([[['--help']], [['accounts', '--json']]])(
    'Results of %j that do not fit on the disk are an error in one plain line.',
    async (args) => {
      const world = await startWorld();
      const full = openSync('/dev/full', 'w');
      try {
        const child = spawn(process.execPath, [BINARY, ...args], {
          env: { ...process.env, FLOWFERRY_ACCOUNTS: world.accounts },
          stdio: ['ignore', full, 'pipe'],
        });
        const ended = once(child, 'exit');

        expect(await text(child.stderr as Readable)).toBe(
          "flowferry: standard output can't be written (ENOSPC).\n",
        );
        expect(await ended).toEqual([1, null]);
      } finally {
        closeSync(full);
        await world.close();
      }
    },
    60_000,
  );
});
