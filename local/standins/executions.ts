import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DurableLambdaHandler } from '@aws/durable-execution-sdk-js';
import { AwsError } from './aws-json.ts';
import { Execution } from './execution.ts';
import { type Journal, memoryJournal, openJournal } from './journal.ts';

/** A durable function as the local run carries it out. */
export interface DurableFunction {
  handler: DurableLambdaHandler;
  timeoutMs: number;
}

export interface ExecutionsOptions {
  /** Folder with a journal for each execution; in memory when left out. */
  folder?: string | undefined;
  /** The durable function of this name, if there is one. */
  functionOf(functionName: string): DurableFunction | undefined;
  onTrouble(functionName: string, error: unknown): void;
}

/** Endings of the files of executions that go on, and of those that ended. */
const GOING_ON = '.journal';
const ENDED = '.ended';
/** How long the name of an execution that ended stands for it, as the default of durable functions is. */
const RETENTION_MS = 14 * 86_400_000;

/** All durable executions of the local run, by function and name. */
export class Executions {
  readonly #options: ExecutionsOptions;
  readonly #known = new Map<string, Promise<Execution>>();

  constructor(options: ExecutionsOptions) {
    this.#options = options;
  }

  /**
   * Starts an execution, or gives back the one that has this name: the same name with the same payload is the same
   * execution, also when it has ended. Another payload under the name is refused, as Lambda refuses it.
   */
  async start(functionName: string, name: string, payload: string): Promise<Execution> {
    const id = `${functionName}.${name}`;
    let opened = false;
    const opening =
      this.#known.get(id) ??
      this.#open(functionName, name, async (journal) => {
        opened = true;
        if (journal.lines.length === 0)
          await journal.append({ kind: 'started', at: Date.now(), functionName, name, payload });
        const first = journal.lines[0];
        if (first?.kind !== 'started' || first.payload !== payload) {
          await journal.close();
          throw alreadyStarted();
        }
      });
    this.#keep(id, opening);
    const execution = await opening;
    if (execution.payload !== payload) throw alreadyStarted();
    if (opened) execution.run();
    return execution;
  }

  /** Goes on with every execution that an earlier process left; answers how many there are. */
  async resumeAll(): Promise<number> {
    const { folder } = this.#options;
    if (folder === undefined) return 0;
    let resumed = 0;
    for (const file of await filesIn(folder)) {
      const path = join(folder, file);
      if (file.endsWith(ENDED)) await removeWhenOld(path);
      const [functionName, name] = file.slice(0, -GOING_ON.length).split('.');
      if (!file.endsWith(GOING_ON) || functionName === undefined || name === undefined) continue;
      if (!this.#options.functionOf(functionName) || this.#known.has(`${functionName}.${name}`)) continue;
      const opening = this.#open(functionName, name, async () => {});
      this.#keep(`${functionName}.${name}`, opening);
      const execution = await opening;
      if (execution.payload === undefined) {
        // Killed before its first line was whole: nobody was told that it started.
        this.#known.delete(`${functionName}.${name}`);
        await execution.stop(0);
        await rm(path);
      } else if (!execution.hasEnded) {
        execution.run();
        resumed++;
      }
    }
    return resumed;
  }

  /** What became of an execution; `undefined` where none of this name was ever started. */
  async statusOf(functionName: string, name: string): Promise<'going-on' | 'ended' | undefined> {
    const { folder } = this.#options;
    const id = `${functionName}.${name}`;
    const known = await this.#known.get(id)?.catch(() => undefined);
    if (known) return known.hasEnded ? 'ended' : 'going-on';
    if (folder === undefined) return undefined;
    return (await stat(join(folder, id + ENDED)).catch(() => undefined)) ? 'ended' : undefined;
  }

  /** Stops all; they go on after a restart from their journals. */
  async stop(graceMs: number): Promise<void> {
    const known = await Promise.allSettled(this.#known.values());
    await Promise.all(known.map((opened) => opened.status === 'fulfilled' && opened.value.stop(graceMs)));
  }

  #keep(id: string, opening: Promise<Execution>): void {
    this.#known.set(id, opening);
    opening.catch(() => {
      if (this.#known.get(id) === opening) this.#known.delete(id);
    });
  }

  async #open(
    functionName: string,
    name: string,
    prepare: (journal: Journal) => Promise<void>,
  ): Promise<Execution> {
    const durable = this.#options.functionOf(functionName);
    if (!durable) throw new AwsError('ResourceNotFoundException', `Function not found: ${functionName}`, 404);
    const { folder } = this.#options;
    const path = folder === undefined ? undefined : join(folder, `${functionName}.${name}`);
    const journal = path === undefined ? memoryJournal() : await openJournal(await fileOf(path));
    await prepare(journal);
    const execution = new Execution({
      functionName,
      name,
      journal,
      ...durable,
      onTrouble: (error) => this.#options.onTrouble(functionName, error),
    });
    if (path !== undefined) {
      const markEnded = () => rename(path + GOING_ON, path + ENDED).catch(() => {});
      execution.ended.then(markEnded);
    }
    return execution;
  }
}

function alreadyStarted(): AwsError {
  const message = 'A durable execution of this name was started with another payload.';
  return new AwsError('DurableExecutionAlreadyStartedException', message, 409);
}

/** The journal of an execution: under its name for ended ones where there is such a file. */
async function fileOf(path: string): Promise<string> {
  const ended = await stat(path + ENDED).catch(() => undefined);
  return path + (ended ? ENDED : GOING_ON);
}

async function filesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

async function removeWhenOld(path: string): Promise<void> {
  const { mtimeMs } = await stat(path);
  if (mtimeMs < Date.now() - RETENTION_MS) await rm(path);
}
