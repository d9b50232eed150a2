import { createCloneEngine } from '../../core/clone/index.ts';
import { readEnvironment, type Variables } from '../environment.ts';
import type { WorkerPorts } from '../worker/loop.ts';
import { announcerOf } from './announcer.ts';
import { meterOf } from './metering.ts';
import { cloneParts, type Shared } from './parts.ts';
import { objectionOf, runsOf } from './runs.ts';
import { durableStarterOf } from './starter.ts';

/** Lambda's limit is 3,000; what is left of it pays for the hand-over and for what a step retries. */
const MAX_OPERATIONS = 1_000;

/** For `worker`. Hand-overs go to the function itself, whose name Lambda tells where nobody else does. */
export function composeWorker(variables: Variables, shared: Shared = {}): WorkerPorts {
  const environment = readEnvironment(variables, [
    'FLOWFERRY_TABLE',
    variables['FLOWFERRY_WORKER_FUNCTION'] === undefined
      ? 'AWS_LAMBDA_FUNCTION_NAME'
      : 'FLOWFERRY_WORKER_FUNCTION',
  ]);
  const { FLOWFERRY_WORKER_FUNCTION: told, AWS_LAMBDA_FUNCTION_NAME: own = '' } = environment;
  const parts = cloneParts(environment, shared);
  const meter = meterOf(environment, parts.ports);
  const worker = durableStarterOf(environment, told ?? own);
  return {
    ...meter.ports,
    objection: objectionOf(environment, parts),
    metrics: meter.metrics,
    engine: meter.engine(createCloneEngine()),
    announcer: announcerOf(environment, parts),
    runs: meter.runs(runsOf(environment, { ...parts, ports: meter.ports }, worker)),
    worker,
    stepMs: environment.FLOWFERRY_STEP_MS,
    maxOperations: MAX_OPERATIONS,
  };
}
