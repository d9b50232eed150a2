import type { ClonePorts } from '../../core/clone/contract.ts';
import type { CloneRecord } from '../../core/ports.ts';
import type { WorkerEngine } from '../ports.ts';
import type { MeteredAccounts } from './accounts.ts';
import { tellBegin } from './clone.ts';
import type { Metrics } from './emf.ts';
import { countRest } from './rest.ts';

/** An engine that tells, after each piece of work, how many calls it took, and at a clone's rest what came of it. */
export function meteredEngine(
  engine: WorkerEngine,
  { metrics, accounts }: { metrics: Metrics; accounts: Pick<MeteredAccounts, 'flush'> },
): WorkerEngine {
  return {
    async advance(ports, cloneId, budgetMs) {
      const before = await ports.clones.get(cloneId);
      if (before !== undefined && before.heartbeatAt === undefined) {
        tellBegin(metrics, before, ports.clock.now());
      }
      try {
        const advance = await engine.advance(ports, cloneId, budgetMs);
        if (advance.next === 'stop') await rest(ports, cloneId, before);
        return advance;
      } catch (error) {
        // It may have ended before what failed: the next try finds it at rest, and counts nothing.
        await rest(ports, cloneId, before);
        throw error;
      } finally {
        accounts.flush();
      }
    },
  };

  /** A piece of work that found the clone at rest already, and a failure to count, are nobody's news. */
  async function rest(ports: ClonePorts, cloneId: string, before: CloneRecord | undefined): Promise<void> {
    const record = await ports.clones.get(cloneId).catch(() => undefined);
    if (record === undefined || record.status === 'running' || before?.status !== 'running') return;
    await countRest(metrics, ports.clones, record);
  }
}
