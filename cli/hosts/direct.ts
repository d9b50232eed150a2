import { type CloneEngine, createCloneEngine } from '../../core/clone/index.ts';
import type { Clock, Log } from '../../core/ports.ts';
import { cloneHandler } from '../../lambdas/clone/handler.ts';
import { clonesHandler } from '../../lambdas/clones/handler.ts';
import type { ServicePorts } from '../../lambdas/ports.ts';
import { lambdaContext } from '../../local/standins/lambda-context.ts';
import { directoryOf } from './accounts.ts';
import type { Accounts } from './choose.ts';
import { answerAccounts, answerFlows } from './direct-accounts.ts';
import { eventOf } from './direct-event.ts';
import type { Stores } from './direct-stores.ts';
import { createOwnWorker } from './direct-worker.ts';
import type { Answer, Service } from './service.ts';

/** A command waits for its clone as long as that takes. */
const DAY_MS = 86_400_000;

const IDEMPOTENCY_SECONDS = 7 * 86_400;

export interface DirectOptions {
  accounts: Accounts;
  stores: Stores;
  clock: Clock;
  log: Log;
  newId(): string;
}

/** What the functions for clones use of a service's ports. */
type ServedPorts = Pick<
  ServicePorts,
  | 'accounts'
  | 'ledger'
  | 'clones'
  | 'bindings'
  | 'clock'
  | 'log'
  | 'engine'
  | 'worker'
  | 'idempotency'
  | 'keys'
  | 'settings'
  | 'newCloneId'
>;

/** The service within this process: the deployed functions' own handlers over these accounts and stores. */
export function openDirect({ accounts, stores, clock, log, newId }: DirectOptions): Service {
  const { ledger, clones, bindings, idempotency } = stores;
  const engine: CloneEngine = createCloneEngine();
  const directory = directoryOf(accounts, clock);
  const common = { accounts: directory, ledger, clones, bindings, clock, log };
  const worker = createOwnWorker(common, engine);
  const ports: ServedPorts = {
    ...common,
    engine,
    worker,
    idempotency,
    keys: { authenticate: async () => ({ id: 'command-line', accounts: ['*'], admin: false }) },
    settings: {
      syncWaitMs: DAY_MS,
      idempotencyTtlSeconds: IDEMPOTENCY_SECONDS,
      // The folder is this process's alone: unless we carry it on, a clone that runs by its record stands still.
      get stallAfterMs() {
        return worker.isBusy() ? Number.POSITIVE_INFINITY : -1;
      },
      callbacks: false,
      allowLoopbackHttp: true,
    },
    newCloneId: newId,
  };
  // The other ports are for doors that are not served here: webhooks, syncs and what administers accounts.
  const all = ports as ServicePorts;
  const handlers = { clone: cloneHandler(all), clones: clonesHandler(all) };

  return {
    call: async (call): Promise<Answer> => {
      const { event, function: name } = eventOf(call, { requestId: newId(), now: clock.now() });
      if (event.routeKey === 'GET /accounts') return answerAccounts(accounts);
      if (event.routeKey === 'GET /accounts/{account}/flows') {
        return answerFlows(directory, event.pathParameters?.['account'] ?? '');
      }
      const handler = name === 'clone' ? handlers.clone : handlers.clones;
      const { statusCode = 200, body = '' } = await handler(event, lambdaContext(name, DAY_MS));
      return { status: statusCode, text: body };
    },
    close: async () => {
      await worker.stop();
      await stores.close();
    },
  };
}
