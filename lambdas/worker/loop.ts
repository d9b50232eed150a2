import type { DurableContext, RetryDecision } from '@aws/durable-execution-sdk-js';
import type { Advance, ClonePorts } from '../../core/clone/contract.ts';
import { codeOf } from '../../core/model/problem.ts';
import type { WorkerStarter } from '../../core/ports.ts';
import { errorFields } from '../http/log.ts';
import type { Engine } from '../ports.ts';

/** What an execution is started with: request, snapshot and plan are in the table. */
export interface WorkerEvent {
  cloneId: string;
  attempt: number;
}

/** How an execution ended: small, for it is kept with the execution. */
export interface WorkerResult {
  cloneId: string;
  attempt: number;
  /** The clone's status; `superseded`: a newer attempt has it; `handed-over`: a fresh execution goes on. */
  end: string;
}

export interface WorkerPorts extends ClonePorts {
  engine: Pick<Engine, 'advance'>;
  worker: WorkerStarter;
  /** How long one step may work before it checks in, in ms. */
  stepMs: number;
  /** Operations of one execution before a fresh one goes on. Lambda's own limit is 3,000. */
  maxOperations: number;
}

/** One step's outcome, as the journal keeps it: a plain record that means the same after JSON. */
type StepResult = { next: 'again' | 'later'; seconds: number } | { next: 'stop'; end: string };

/** Tries of one step, and the wait before the last of them about a minute: the engine has retried calls before. */
const MAX_TRIES = 6;

/**
 * Carries a clone on, step by step, until it ends or waits for the customer. All that happens, happens in steps:
 * what stands outside runs again at every replay and only follows what the journal says.
 */
export async function carryOn(
  ports: WorkerPorts,
  { cloneId, attempt }: WorkerEvent,
  context: DurableContext,
): Promise<WorkerResult> {
  const ended = (end: string): WorkerResult => ({ cloneId, attempt, end });
  let operations = 0;
  for (let index = 0; operations < ports.maxOperations; index += 1) {
    const result = await step(ports, { cloneId, attempt }, context, index);
    operations += 1;
    if (result.next === 'stop') return ended(result.end);
    if (result.seconds > 0) {
      await context.wait(`pause-${index}`, { seconds: result.seconds });
      operations += 1;
    }
  }
  const end = await context.step('hand-over', () => handOver(ports, { cloneId, attempt }), { retryStrategy });
  return ended(end);
}

async function step(
  ports: WorkerPorts,
  event: WorkerEvent,
  context: DurableContext,
  index: number,
): Promise<StepResult> {
  try {
    return await context.step(`advance-${index}`, () => work(ports, event, context), { retryStrategy });
  } catch (error) {
    await context.step('mark-failed', () => markFailed(ports, event), { retryStrategy });
    throw error;
  }
}

async function work(ports: WorkerPorts, event: WorkerEvent, context: DurableContext): Promise<StepResult> {
  const record = await ports.clones.get(event.cloneId);
  if (record === undefined) return { next: 'stop', end: 'removed' };
  if (record.attempt !== event.attempt) return { next: 'stop', end: 'superseded' };
  try {
    return outcome(await ports.engine.advance(ports, event.cloneId, ports.stepMs), ports, context);
  } catch (error) {
    ports.log.warn('step failed', { cloneId: event.cloneId, attempt: event.attempt, ...errorFields(error) });
    throw error;
  }
}

/**
 * A step that ends with too little of the invocation left for another asks for a second's pause: it suspends the
 * execution, which goes on in a fresh invocation instead of being cut off in this one. Decided inside the step, so
 * that a replay finds the same pause.
 */
function outcome(advance: Advance, { stepMs }: WorkerPorts, context: DurableContext): StepResult {
  if (advance.next === 'stop') return { next: 'stop', end: advance.status };
  if (advance.next === 'later') return { next: 'later', seconds: Math.max(1, Math.ceil(advance.seconds)) };
  const left = context.lambdaContext.getRemainingTimeInMillis();
  return { next: 'again', seconds: left < 2 * stepMs ? 1 : 0 };
}

/** Always given: the SDK's own default makes a bug look like a hang. Clones that are gone are not looked for again. */
function retryStrategy(error: Error, tries: number): RetryDecision {
  if (tries >= MAX_TRIES || codeOf(error) === 'clone_not_found') return { shouldRetry: false };
  return { shouldRetry: true, delay: { seconds: 2 ** tries } };
}

/** A fresh execution under the next attempt's name, for this one's journal is nearly full. */
async function handOver(ports: WorkerPorts, { cloneId, attempt }: WorkerEvent): Promise<string> {
  const record = await ports.clones.get(cloneId);
  if (record === undefined) return 'removed';
  if (record.attempt > attempt + 1) return 'superseded';
  if (record.attempt === attempt) await ports.clones.save({ ...record, attempt: attempt + 1 });
  await ports.worker.start(cloneId, attempt + 1);
  return 'handed-over';
}

/** A clone must not look as if it ran when nobody carries it on. It can be resumed. */
async function markFailed(
  { clones, clock, log }: WorkerPorts,
  { cloneId, attempt }: WorkerEvent,
): Promise<string> {
  const record = await clones.get(cloneId);
  if (record === undefined || record.attempt !== attempt) return 'superseded';
  const endedAt = new Date(clock.now()).toISOString();
  const error = {
    code: 'internal_error',
    message: 'The clone stopped for a reason on our side; it can be resumed.',
  };
  await clones.save({
    ...record,
    status: 'failed',
    endedAt,
    state: { ...record.state, status: 'failed', endedAt, errors: [...record.state.errors, error] },
  });
  log.error('clone stopped', { cloneId, attempt });
  return 'failed';
}
