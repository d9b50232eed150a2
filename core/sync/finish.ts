import type { JsonObject } from '../model/resource.ts';
import type { SyncPorts } from './contract.ts';
import { type RunStatus, type SyncRun, summaryOf } from './run.ts';

/** Ends a run: what only it needed goes, and whoever wants to know is told. */
export async function finish(ports: SyncPorts, run: SyncRun, status: RunStatus): Promise<SyncRun> {
  const endedAt = new Date(ports.clock.now()).toISOString();
  const ended: SyncRun = { ...run, status, endedAt };
  await tell(ports, ended);
  await ports.clones.remove(run.runId);
  if (run.mode === 'report') {
    for (const { cloneId } of run.targets) if (cloneId !== undefined) await ports.clones.remove(cloneId);
  }
  const stored = await ports.syncs.changeRun(run.sync, run.runId, (now) => ({ ...now, status, endedAt }));
  await ports.syncs.endRun(stored ?? ended);
  ports.log.info('sync run ended', { sync: run.sync, runId: run.runId, status });
  return stored ?? ended;
}

/** Told before the run is marked as ended: a process that dies between the two tells again, never not at all. */
async function tell(ports: SyncPorts, run: SyncRun): Promise<void> {
  if (ports.events === undefined) return;
  const { sync, runId, mode, status } = run;
  const about: JsonObject = { sync, runId, mode };
  const results = await ports.syncs.results(runId);
  for (const { account, drift, conflicts } of results.values()) {
    const byTenant = drift.filter(({ movedBy }) => movedBy !== 'source');
    if (byTenant.length === 0) continue;
    const resources = new Set(byTenant.map(({ sourceId }) => sourceId)).size;
    await ports.events.put('Drift Detected', {
      ...about,
      account,
      paths: byTenant.length,
      resources,
      conflicts: conflicts.length,
    });
  }
  await ports.events.put('Sync Completed', { ...about, status, counts: { ...summaryOf(run).counts } });
}
