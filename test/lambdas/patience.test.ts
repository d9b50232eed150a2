import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { GateRegistry } from '../../adapters/integrator/index.ts';
import { FlowferryError } from '../../core/model/problem.ts';
import { createAccountDirectory } from '../../lambdas/account-directory.ts';
import { createAccountWriter } from '../../lambdas/account-writer.ts';
import { CALLER_PATIENCE_MS } from '../../lambdas/patience.ts';
import { rejectionOf } from '../adapters/integrator/clientFor.ts';
import { HastyClock } from '../adapters/integrator/fakeClock.ts';
import { cloneBody, type Service, startService } from './support.ts';

/** Nobody listens there. */
const NOWHERE = { token: 'a-token', region: 'us' as const, baseUrl: 'http://127.0.0.1:9' };
const FAILED = { code: 'upstream_failed' };

describe('where integrator.io can not be reached', () => {
  test('a token that is put is given up before API Gateway gives up', async () => {
    const clock = new HastyClock();
    const writer = createAccountWriter({ secrets: {} as never, clock, allowLoopbackHttp: true });

    expect(await rejectionOf(writer.probe('tenant', NOWHERE))).toMatchObject(FAILED);
    expect(clock.elapsed).toBeGreaterThan(0);
    expect(clock.elapsed).toBeLessThanOrEqual(CALLER_PATIENCE_MS);
  });

  test('an account is, too, as far as its opener asks for it', async () => {
    const clock = new HastyClock();
    const secrets = { get: async () => NOWHERE, refresh: async () => NOWHERE } as never;
    const gates = new GateRegistry({ clock });
    const directory = createAccountDirectory({ secrets, gates, clock, allowLoopbackHttp: true });

    const account = await directory.open('tenant', { rateShare: 1, patienceMs: CALLER_PATIENCE_MS });

    expect(await rejectionOf(account.identity())).toMatchObject(FAILED);
    expect(clock.elapsed).toBeLessThanOrEqual(CALLER_PATIENCE_MS);
    expect(account.requestTimeoutMs).toBe(CALLER_PATIENCE_MS);
  });
});

describe('work that a caller waits for', () => {
  let service: Service;
  const opened: (number | undefined)[] = [];
  beforeAll(async () => {
    service = await startService();
    const { ports } = service;
    const { open } = ports.accounts;
    ports.accounts = {
      open: (name, options) => {
        opened.push(options.patienceMs);
        return open(name, options);
      },
    };
    ports.engine.planOnly = async ({ accounts }, { source }) => {
      await accounts.open(source.account, { rateShare: 1 });
      throw new FlowferryError('upstream_failed', 'integrator.io failed.');
    };
  });
  afterAll(() => service.close());

  test.each([
    ['POST', '/accounts/acme/check'],
    ['GET', '/accounts/acme/flows'],
  ])('is not patient: %s %s', async (method, path) => {
    opened.length = 0;
    await service.call(path, { method });

    expect(opened).toEqual([CALLER_PATIENCE_MS]);
  });

  test('is not patient: a dry run', async () => {
    const { status } = await service.clone(cloneBody({ dryRun: true }));

    expect(status).toBe(502);
    expect(opened.at(-1)).toBe(CALLER_PATIENCE_MS);
  });
});
