import { LambdaClient } from '@aws-sdk/client-lambda';
import type { WorkerStarter } from '../../core/ports.ts';
import { createWorkerStarter } from '../worker-starter.ts';
import { requestHandler } from './basics.ts';

/** Starts workers that are durable functions, over a client of its own. */
export function durableStarter(target: { functionName: string; qualifier: string }): WorkerStarter {
  return createWorkerStarter({ client: new LambdaClient({ requestHandler }), ...target });
}
