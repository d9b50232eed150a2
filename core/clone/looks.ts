import { isOpen, pollRun } from '../apply/wake.ts';
import type { FlowReport, RunReport } from '../model/clone.ts';
import { codeOf, type Warning } from '../model/problem.ts';
import type { Account, CloneStore } from '../ports.ts';
import { isFinalError } from './failure.ts';

/** Part that holds the failed looks: a host that suspends between two of them does not begin to count anew. */
const LOOKS_PART = 'failed-looks';

/** After so many failed looks in a row a job is left open. */
const MOST_FAILED = 3;

/** Where the first failed look is the last: it was repeated already, or would fail the same way again. */
const SETTLED: ReadonlySet<string> = new Set(['upstream_failed', 'refused', 'account_unauthorized']);

/** Looks at one job that failed in a row, and why the last did. */
interface FailedLooks {
  count: number;
  reason: string;
}

/**
 * Looks at the jobs of a clone's runs. All is written by then and the flows run: a look that fails says nothing
 * about the clone, and is no reason to undo it.
 */
export class Looks {
  readonly #clones: CloneStore;
  readonly #cloneId: string;
  /** By job. */
  readonly #failed: Map<string, FailedLooks>;
  #hasNews = false;

  private constructor(clones: CloneStore, cloneId: string, failed: Record<string, FailedLooks>) {
    this.#clones = clones;
    this.#cloneId = cloneId;
    this.#failed = new Map(Object.entries(failed));
  }

  /** Goes on with the looks that were taken before, if any were. */
  static async resume(clones: CloneStore, cloneId: string): Promise<Looks> {
    const failed = await clones.getPart<Record<string, FailedLooks>>(cloneId, LOOKS_PART);
    return new Looks(clones, cloneId, failed ?? {});
  }

  /** Whether a job has to be looked at again. */
  isAwaited(run: RunReport): boolean {
    return isOpen(run) && (this.#failed.get(run.jobId)?.count ?? 0) < MOST_FAILED;
  }

  /** Whether a look failed that will be taken again: a job that was just begun may not be known at once. */
  get hasDoubts(): boolean {
    return [...this.#failed.values()].some(({ count }) => count < MOST_FAILED);
  }

  /**
   * Asks how a job stands; where that fails, it stands as it was known.
   *
   * @throws our own trouble, such as a lost lease
   */
  async at(account: Account, run: RunReport): Promise<RunReport> {
    try {
      const now = await pollRun(account, run);
      if (this.#failed.delete(run.jobId)) this.#hasNews = true;
      return now;
    } catch (error) {
      if (!isFinalError(error)) throw error;
      this.#fail(run, error);
      return run;
    }
  }

  #fail({ jobId }: RunReport, error: unknown): void {
    const before = this.#failed.get(jobId)?.count ?? 0;
    const count = SETTLED.has(codeOf(error)) ? MOST_FAILED : before + 1;
    this.#failed.set(jobId, { count, reason: error instanceof Error ? error.message : String(error) });
    this.#hasNews = true;
  }

  /** Durable once this resolves. */
  async store(): Promise<void> {
    if (!this.#hasNews) return;
    await this.#clones.putPart(this.#cloneId, LOOKS_PART, Object.fromEntries(this.#failed));
    this.#hasNews = false;
  }

  /** A warning for a job that was left open since it could not be looked at. */
  warning({ name, sourceId }: FlowReport, run: RunReport): Warning | undefined {
    const failed = this.#failed.get(run.jobId);
    if (failed === undefined || this.isAwaited(run)) return undefined;
    return {
      code: 'run_unknown',
      message: `How the run of flow "${name}" ends is not known, for job ${run.jobId} can't be looked at: ${failed.reason}`,
      type: 'flow',
      sourceId,
    };
  }
}
