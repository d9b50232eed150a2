import { describe, expect, test } from '@jest/globals';
import { systemClock } from '../../adapters/integrator/system-clock.ts';
import { createMemoryRecordStore } from '../../adapters/memory/index.ts';
import { FlowferryError } from '../../core/model/problem.ts';
import type { JsonObject } from '../../core/model/resource.ts';
import type { Account } from '../../core/ports.ts';
import { accountCheckHandler } from '../../lambdas/account-check/handler.ts';
import { createAccountIndex } from '../../lambdas/account-index.ts';

/** What opening an account, or asking who it is, comes to. */
const OUTCOMES: Readonly<Record<string, string | undefined>> = {
  acme: undefined,
  expired: 'account_unauthorized',
  broken: 'invalid_account',
  gone: 'account_not_found',
  away: 'upstream_failed',
};

describe('the daily look at every token', () => {
  test('raises an event for each that is refused, and lets all others be', async () => {
    const accountIndex = createAccountIndex({ records: createMemoryRecordStore({ clock: systemClock }) });
    for (const name of Object.keys(OUTCOMES)) await accountIndex.put(name, 'eu');
    const events: { type: string; detail: JsonObject }[] = [];
    const lines: string[] = [];
    const write = (message: string, fields?: JsonObject) =>
      void lines.push(JSON.stringify([message, fields]));
    const handler = accountCheckHandler({
      accountIndex,
      accounts: {
        open: async (name) =>
          ({
            identity: async () => {
              const code = OUTCOMES[name];
              if (code !== undefined) throw new FlowferryError(code, 'quotes a planted-token');
              return { key: 'eu:1', region: 'eu', userId: '1' };
            },
          }) as unknown as Account,
      },
      events: { put: async (type, detail) => void events.push({ type, detail }) },
      log: { info: write, warn: write, error: write },
    });

    const result = await handler();

    expect(result).toEqual({ checked: 5, unauthorized: 2, unknown: 1 });
    expect(events.map(({ type, detail }) => [type, detail['account'], detail['code']]).sort()).toEqual([
      ['Account Unauthorized', 'broken', 'invalid_account'],
      ['Account Unauthorized', 'expired', 'account_unauthorized'],
    ]);
    expect((await accountIndex.list()).map(({ account }) => account)).not.toContain('gone');
    expect(lines.join()).not.toContain('planted');
  });
});
