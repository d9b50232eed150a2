import {
  type DurableExecutionClient,
  DurableExecutionInvocationInputWithClient,
  type DurableExecutionInvocationOutput,
  type DurableLambdaHandler,
} from '@aws/durable-execution-sdk-js';
import type { Ending, Journal, JournalLine } from './journal.ts';
import { functionArn, lambdaContext } from './lambda-context.ts';
import { applyLine, type Operations, replay, timersOf } from './operations.ts';

export interface ExecutionOptions {
  functionName: string;
  name: string;
  journal: Journal;
  handler: DurableLambdaHandler;
  /** How long one invocation is told it may take, in ms. */
  timeoutMs: number;
  /** What went wrong outside the function's own steps. */
  onTrouble(error: unknown): void;
}

/** Invocations that break off before the execution is given up, as Lambda does it. */
const TRIES = 9;
/** Lambda's longest pause before it invokes again what broke off is far longer; nobody waits for that locally. */
const LONGEST_PAUSE_MS = 10_000;

/**
 * One durable execution over its journal: invokes the handler, again whenever a wait is over, until it ends.
 * All that the SDK checkpoints is in the journal before it is acknowledged, so a later process goes on from there.
 */
export class Execution {
  readonly arn: string;
  /** Resolves when the execution has ended; stays pending when it is stopped before. */
  readonly ended: Promise<Ending>;
  readonly #options: ExecutionOptions;
  readonly #operations: Operations;
  readonly #end = Promise.withResolvers<Ending>();
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #invocations = 0;
  #failures = 0;
  #stopped = false;

  constructor(options: ExecutionOptions) {
    this.#options = options;
    this.#operations = replay(options.journal.lines);
    this.arn = `${functionArn(options.functionName)}:1/durable-execution/${options.name}/1`;
    this.ended = this.#end.promise;
    const last = options.journal.lines.at(-1);
    if (last?.kind !== 'ended') return;
    this.#end.resolve(last.ending);
    options.journal.close().catch(options.onTrouble);
  }

  /** What it was started with; `undefined` where the journal does not even say that. */
  get payload(): string | undefined {
    const first = this.#options.journal.lines[0];
    return first?.kind === 'started' ? first.payload : undefined;
  }

  get hasEnded(): boolean {
    return this.#options.journal.lines.at(-1)?.kind === 'ended';
  }

  /** Invokes the function now. */
  run(): void {
    if (this.#stopped || this.hasEnded || this.#running) return;
    this.#running = this.#invoke()
      .catch((error: unknown) => this.#brokeOff(error))
      .finally(() => {
        this.#running = undefined;
      })
      .then(() => this.#schedule())
      .catch(this.#options.onTrouble);
  }

  /** Invokes no more, acknowledges no more, and waits up to `graceMs` for the step under way. */
  async stop(graceMs: number): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    let grace: NodeJS.Timeout | undefined;
    const over = new Promise<void>((resolve) => {
      grace = setTimeout(resolve, graceMs);
    });
    await Promise.race([this.#running, over]);
    clearTimeout(grace);
    await this.#options.journal.close();
  }

  async #invoke(): Promise<void> {
    const { handler, functionName, timeoutMs } = this.#options;
    const invocation = ++this.#invocations;
    await this.#settleTimers();
    const event = new DurableExecutionInvocationInputWithClient(
      {
        DurableExecutionArn: this.arn,
        CheckpointToken: tokenOf(invocation),
        InitialExecutionState: { Operations: [...this.#operations.values()] },
      },
      this.#client(invocation),
    );
    const output = await handler(event, lambdaContext(functionName, timeoutMs));
    this.#failures = 0;
    const ending = endingOf(output);
    if (ending) await this.#finish(ending);
  }

  #client(invocation: number): DurableExecutionClient {
    const check = (token: string | undefined) => {
      // An invocation that was given up must not write beside its successor.
      if (this.#stopped || token !== tokenOf(this.#invocations) || invocation !== this.#invocations) {
        throw new Error('This invocation is over.');
      }
    };
    return {
      getExecutionState: async ({ CheckpointToken }) => {
        check(CheckpointToken);
        return { Operations: [...this.#operations.values()] };
      },
      checkpoint: async ({ CheckpointToken, Updates = [] }) => {
        check(CheckpointToken);
        const changed =
          Updates.length > 0
            ? await this.#write({ kind: 'checkpoint', at: Date.now(), updates: Updates })
            : [];
        changed.push(...(await this.#settleTimers()));
        return {
          CheckpointToken: tokenOf(invocation),
          NewExecutionState: {
            Operations: [...new Set(changed)].flatMap((id) => this.#operations.get(id) ?? []),
          },
        };
      },
    };
  }

  async #write(line: JournalLine): Promise<string[]> {
    // Taken in first by a copy: a line that can't be carried out must not get into the journal.
    applyLine(new Map(this.#operations), line);
    await this.#options.journal.append(line);
    return applyLine(this.#operations, line);
  }

  async #settleTimers(): Promise<string[]> {
    const at = Date.now();
    const { due } = timersOf(this.#operations, at);
    return due.length > 0 ? this.#write({ kind: 'due', at, ids: due }) : [];
  }

  async #finish(ending: Ending): Promise<void> {
    await this.#options.journal.append({ kind: 'ended', at: Date.now(), ending });
    this.#stopped = true;
    await this.#options.journal.close();
    this.#end.resolve(ending);
  }

  async #brokeOff(error: unknown): Promise<void> {
    if (this.#stopped) return;
    this.#options.onTrouble(error);
    if (++this.#failures < TRIES) return;
    const ErrorMessage = error instanceof Error ? error.message : String(error);
    await this.#finish({ status: 'FAILED', error: { ErrorMessage } });
  }

  #schedule(): void {
    if (this.#stopped) return;
    const now = Date.now();
    const { due, next } = timersOf(this.#operations, now);
    const pause = this.#failures > 0 ? Math.min(LONGEST_PAUSE_MS, 125 * 2 ** this.#failures) : 0;
    // With nothing to wait for it broke off, or was suspended for a reason that no timer ends: it looks again.
    const wait = due.length > 0 ? 0 : (next ?? now + 1_000) - now;
    this.#timer = setTimeout(() => this.run(), Math.min(Math.max(wait, pause), 2 ** 31 - 1));
  }
}

function tokenOf(invocation: number): string {
  return `invocation-${invocation}`;
}

/** How the invocation's answer ends the execution; `undefined` while it is suspended. */
function endingOf(output: DurableExecutionInvocationOutput): Ending | undefined {
  if (output.Status === 'PENDING') return undefined;
  if (output.Status === 'FAILED') return { status: 'FAILED', error: output.Error };
  return { status: 'SUCCEEDED', result: output.Result };
}
