import type { OperationUpdate, WireOperation } from '@aws/durable-execution-sdk-js';
import type { JournalLine } from './journal.ts';

/** Operations of an execution by id, in the order they began. */
export type Operations = Map<string, WireOperation>;

/** The id of the operation that stands for the execution itself and carries its payload. */
const EXECUTION = 'execution';

/** The operations as all lines up to now leave them. */
export function replay(lines: readonly JournalLine[]): Operations {
  const operations: Operations = new Map();
  for (const line of lines) applyLine(operations, line);
  return operations;
}

/** Takes one line in; answers the ids of the operations it changed. */
export function applyLine(operations: Operations, line: JournalLine): string[] {
  switch (line.kind) {
    case 'started':
      operations.set(EXECUTION, {
        Id: EXECUTION,
        Type: 'EXECUTION',
        StartTimestamp: isoTime(line.at),
        Status: 'STARTED',
        ExecutionDetails: { InputPayload: line.payload },
      });
      return [EXECUTION];
    case 'checkpoint':
      return line.updates.flatMap((update) => {
        if (update.Id === undefined) return [];
        operations.set(update.Id, updated(operations.get(update.Id), update, line.at));
        return [update.Id];
      });
    case 'due':
      for (const id of line.ids) {
        const operation = operations.get(id);
        if (operation) operations.set(id, over(operation, line.at));
      }
      return line.ids;
    case 'ended':
      return [];
  }
}

/** Waits and pauses that are over by now, and when (ms since the epoch) the next of the others is. */
export function timersOf(operations: Operations, now: number): { due: string[]; next: number | undefined } {
  const due: string[] = [];
  let next: number | undefined;
  for (const [id, operation] of operations) {
    const end = endOf(operation);
    if (end === undefined) continue;
    if (end <= now) due.push(id);
    else next = Math.min(next ?? end, end);
  }
  return { due, next };
}

/** When a wait ends, or a step that failed is tried again. */
function endOf(operation: WireOperation): number | undefined {
  if (operation.Type === 'WAIT' && operation.Status === 'STARTED') {
    return timeOf(operation.WaitDetails?.ScheduledEndTimestamp);
  }
  if (operation.Status === 'PENDING') return timeOf(operation.StepDetails?.NextAttemptTimestamp);
  return undefined;
}

function over(operation: WireOperation, at: number): WireOperation {
  return operation.Type === 'WAIT'
    ? { ...operation, Status: 'SUCCEEDED', EndTimestamp: isoTime(at) }
    : { ...operation, Status: 'READY' };
}

function updated(before: WireOperation | undefined, update: OperationUpdate, at: number): WireOperation {
  const operation: WireOperation = {
    ...before,
    Id: update.Id,
    ParentId: update.ParentId ?? before?.ParentId,
    Name: update.Name ?? before?.Name,
    Type: update.Type,
    SubType: update.SubType ?? before?.SubType,
    StartTimestamp: before?.StartTimestamp ?? isoTime(at),
    Status: before?.Status,
  };
  switch (update.Action) {
    case 'START':
      return started(operation, update, at);
    case 'RETRY':
      return retried(operation, update, at);
    case 'SUCCEED':
      return ended({ ...operation, Status: 'SUCCEEDED' }, { Result: update.Payload }, update, at);
    case 'FAIL':
      return ended({ ...operation, Status: 'FAILED' }, { Error: update.Error }, update, at);
    case 'CANCEL':
      return { ...operation, Status: 'CANCELLED', EndTimestamp: isoTime(at) };
    default:
      throw new Error(`The journal knows no action ${update.Action}.`);
  }
}

function started(operation: WireOperation, update: OperationUpdate, at: number): WireOperation {
  if (update.Type !== 'STEP' && update.Type !== 'WAIT' && update.Type !== 'CONTEXT') {
    throw new Error(`The local run can't carry out operations of type ${update.Type}.`);
  }
  const start: WireOperation = { ...operation, Status: 'STARTED' };
  if (update.Type !== 'WAIT') return start;
  const end = at + (update.WaitOptions?.WaitSeconds ?? 0) * 1000;
  return { ...start, WaitDetails: { ScheduledEndTimestamp: isoTime(end) } };
}

/** A step that failed and is tried again: `Attempt` counts the tries that are over. */
function retried(operation: WireOperation, update: OperationUpdate, at: number): WireOperation {
  const next = at + (update.StepOptions?.NextAttemptDelaySeconds ?? 1) * 1000;
  return {
    ...operation,
    Status: 'PENDING',
    StepDetails: {
      // What a condition that is polled has seen so far travels from try to try.
      Result: update.Payload,
      Error: update.Error,
      Attempt: (operation.StepDetails?.Attempt ?? 0) + 1,
      NextAttemptTimestamp: isoTime(next),
    },
  };
}

function ended(
  operation: WireOperation,
  outcome: { Result?: string | undefined; Error?: OperationUpdate['Error'] },
  update: OperationUpdate,
  at: number,
): WireOperation {
  const end: WireOperation = { ...operation, EndTimestamp: isoTime(at) };
  if (update.Type === 'STEP') {
    return { ...end, StepDetails: { Attempt: (operation.StepDetails?.Attempt ?? 0) + 1, ...outcome } };
  }
  if (update.Type === 'CONTEXT') {
    return { ...end, ContextDetails: { ReplayChildren: update.ContextOptions?.ReplayChildren, ...outcome } };
  }
  return end;
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

function timeOf(timestamp: Date | string | undefined): number {
  return timestamp === undefined ? 0 : new Date(timestamp).getTime();
}
