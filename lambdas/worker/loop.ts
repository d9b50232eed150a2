import type { DurableContext, RetryDecision } from '@aws/durable-execution-sdk-js';
import type { Advance } from '../../core/clone/contract.ts';
import { codeOf } from '../../core/model/problem.ts';
import type { WorkerStarter } from '../../core/ports.ts';
import { isRunId } from '../../core/sync/names.ts';
import type { WorkerEvent } from './event.ts';
import { advanceOnce, markFailed, type StepPorts } from './step.ts';

/** How an execution ended: small, for it is kept with the execution. */
export interface WorkerResult {
  cloneId: string;
  attempt: number;
  /** The clone's status; `superseded`: a newer attempt has it; `handed-over`: a fresh execution goes on. */
  end: string;
}

export interface WorkerPorts extends StepPorts {
  worker: WorkerStarter;
  /** Operations of one execution before a fresh one goes on. Lambda's own limit is 3,000. */
  maxOperations: number;
}

/** One step's outcome, as the journal keeps it: a plain record that means the same after JSON. */
type StepResult = { next: 'go-on'; pauseSeconds: number } | { next: 'stop'; end: string };

/** Tries of one step, the waits between them doubling from two seconds: single calls have been retried before. */
const MAX_TRIES = 6;

/** More steps than telling others takes, should it ever go in a circle. */
const MAX_ANNOUNCEMENTS = 50;

/**
 * Carries a clone on, step by step, until it ends or waits for the customer. All that happens, happens in steps:
 * what stands outside runs again at every replay and only follows what the journal says.
 */
export async function carryOn(
  ports: WorkerPorts,
  event: WorkerEvent,
  context: DurableContext,
): Promise<WorkerResult> {
  let operations = 0;
  for (let index = 0; operations < ports.maxOperations; index += 1) {
    const result = await step(ports, event, context, index);
    operations += 1;
    if (result.next === 'stop') {
      await announce(ports, event, context);
      return { ...event, end: result.end };
    }
    if (result.pauseSeconds > 0) {
      await context.wait(`pause-${index}`, { seconds: result.pauseSeconds });
      operations += 1;
    }
  }
  const end = await context.step('hand-over', () => handOver(ports, event), { retryStrategy });
  return { ...event, end };
}

async function step(
  ports: WorkerPorts,
  event: WorkerEvent,
  context: DurableContext,
  index: number,
): Promise<StepResult> {
  const work = async () => outcome(await advanceOnce(ports, event), ports, context);
  try {
    return await context.step(`advance-${index}`, work, { retryStrategy });
  } catch (error) {
    await context.step('mark-failed', () => markFailed(ports, event), { retryStrategy });
    await announce(ports, event, context);
    throw error;
  }
}

/** Tells others, in steps of their own, that the clone has come to rest: what happened to it is safe by now. */
async function announce(
  { announcer }: WorkerPorts,
  event: WorkerEvent,
  context: DurableContext,
): Promise<void> {
  if (announcer === undefined) return;
  for (let index = 0; index < MAX_ANNOUNCEMENTS; index += 1) {
    const tell = () => announcer.announce(event);
    const { pauseSeconds } = await context.step(`announce-${index}`, tell, { retryStrategy });
    if (pauseSeconds <= 0) return;
    await context.wait(`announce-pause-${index}`, { seconds: pauseSeconds });
  }
}

/**
 * A step that ends with too little of the invocation left for another asks for a second's pause: it suspends the
 * execution, which goes on in a fresh invocation instead of being cut off in this one. Decided inside the step, so
 * that a replay finds the same pause.
 */
function outcome(advance: Advance, { stepMs }: WorkerPorts, context: DurableContext): StepResult {
  if (advance.next === 'stop') return { next: 'stop', end: advance.status };
  if (advance.next === 'later')
    return { next: 'go-on', pauseSeconds: Math.max(1, Math.ceil(advance.seconds)) };
  const left = context.lambdaContext.getRemainingTimeInMillis();
  return { next: 'go-on', pauseSeconds: left < 2 * stepMs ? 1 : 0 };
}

/** Always given: the SDK's own default makes a bug look like a hang. Clones that are gone are not looked for again. */
function retryStrategy(error: Error, tries: number): RetryDecision {
  if (tries >= MAX_TRIES || codeOf(error) === 'clone_not_found') return { shouldRetry: false };
  return { shouldRetry: true, delay: { seconds: 2 ** tries } };
}

/** A fresh execution under the next attempt's name, for this one's journal is nearly full. */
async function handOver(ports: WorkerPorts, { cloneId, attempt }: WorkerEvent): Promise<string> {
  if (ports.runs && isRunId(cloneId)) {
    const next = await ports.runs.handOver({ runId: cloneId, attempt });
    if (next === undefined) return 'superseded';
    await ports.worker.start(cloneId, next);
    return 'handed-over';
  }
  const record = await ports.clones.get(cloneId);
  if (record === undefined) return 'removed';
  // Equal to the next attempt: an earlier try of this step saved it, and may have died before the start.
  if (record.attempt !== attempt && record.attempt !== attempt + 1) return 'superseded';
  if (record.attempt === attempt) await ports.clones.save({ ...record, attempt: attempt + 1 });
  await ports.worker.start(cloneId, attempt + 1);
  return 'handed-over';
}
