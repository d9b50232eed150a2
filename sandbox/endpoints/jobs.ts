import { listJobs } from '../jobQueries.ts';
import { cancel, findJob, jobDocument, run } from '../jobs.ts';
import type { Ask, Endpoint } from '../router.ts';
import { idOf } from './crud.ts';

/** POST: starts a flow. */
export const runFlow: Endpoint = (ask) => {
  const { account, settings } = ask;
  const flow = account.find('flows', idOf(ask));
  const outcome = settings.jobOutcome(structuredClone(flow), account.name);
  const job = run(account, flow, ask.json(), settings.jobMs, outcome);
  return { status: 201, body: { _jobId: job.id } };
};

/** GET of one job. */
export const readJob: Endpoint = (ask) => ({
  status: 200,
  body: jobDocument(findJob(ask.account, idOf(ask)), false),
});

/** GET of one job with its children. */
export const readFamily: Endpoint = (ask) => ({
  status: 200,
  body: jobDocument(findJob(ask.account, idOf(ask)), true),
});

/** GET of jobs by query. */
export const findJobs: Endpoint = (ask) => {
  const jobs = listJobs(ask.account, ask.query);
  return jobs.length === 0 ? { status: 204 } : { status: 200, body: jobs };
};

/** GET of a flow's newest job, as a list. */
export const latestJobs: Endpoint = (ask) => {
  const { _id } = ask.account.find('flows', idOf(ask));
  const jobs = listJobs(ask.account, new URLSearchParams({ _flowId: _id })).slice(0, 1);
  return jobs.length === 0 ? { status: 204 } : { status: 200, body: jobs };
};

/** PUT: cancels a job. */
export const cancelJob: Endpoint = (ask) => ({
  status: 200,
  body: jobDocument(cancel(ask.account, idOf(ask)), false),
});

/** POST: cancels the jobs of a flow that have not ended. */
export const cancelFlowJobs: Endpoint = (ask) => {
  const { _id } = ask.account.find('flows', idOf(ask));
  cancelJobsOf(ask, _id);
  return { status: 204 };
};

/** Cancels what runs of a flow. */
export function cancelJobsOf({ account }: Ask, flowId: string): void {
  for (const job of account.jobs.values()) if (job.flow._id === flowId) cancel(account, job.id);
}
