import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { jobDocument } from '../../sandbox/jobs.ts';
import { bench, type Caller, CONNECTION, exportOf, NOBODY } from './support.ts';

/** Reads a job until it has ended. */
async function follow(call: Caller, jobId: string): Promise<Record<string, unknown>> {
  for (;;) {
    const { body } = await call('GET', `/v1/jobs/${jobId}`);
    if (['completed', 'failed', 'canceled'].includes(body.status)) return body;
    await sleep(5);
  }
}

describe('run', () => {
  test('It answers 201 with the job, which ends by itself, and marks the flow.', async () => {
    const { make, call } = await bench({ jobMs: 10 });
    const flow = await make('flows', { name: 'Orders' });

    const run = await call('POST', `/v1/flows/${flow._id}/run`);
    const job = await follow(call, run.body._jobId);

    expect(run.status).toBe(201);
    expect(job).toMatchObject({
      type: 'flow',
      status: 'completed',
      _flowId: flow._id,
      numSuccess: 3,
      numError: 0,
      endedAt: expect.any(String),
    });
    expect((await call('GET', `/v1/flows/${flow._id}`)).body.lastExecutedAt).toBe(job['createdAt']);
  });

  test.each([
    ['queued', 0.5],
    ['running', 1.5],
    ['completed', 2.5],
  ])('A job is %s when %d of its stages have gone by.', (status, stages) => {
    const stageMs = 1_000_000;
    const createdAt = Date.now() - stages * stageMs;
    const flow = { _id: NOBODY, name: 'Orders' };

    const document = jobDocument({ id: NOBODY, flow, createdAt, stageMs, outcome: {}, childIds: [] }, false);

    expect(document['status']).toBe(status);
    expect('startedAt' in document).toBe(status !== 'queued');
    expect('endedAt' in document).toBe(status === 'completed');
  });

  test('A job ends as it was told to.', async () => {
    const { make, call } = await bench({
      jobMs: 0,
      jobOutcome: (flow, account) =>
        flow['name'] === 'Broken' && account === 'a' ? { status: 'failed', numError: 2 } : { numSuccess: 7 },
    });
    const jobs = [];
    for (const name of ['Orders', 'Broken']) {
      const flow = await make('flows', { name });
      const run = await call('POST', `/v1/flows/${flow._id}/run`, {});
      jobs.push(await follow(call, run.body._jobId));
    }

    expect(jobs).toMatchObject([
      { status: 'completed', numSuccess: 7, numError: 0 },
      { status: 'failed', numSuccess: 0, numError: 2, numPagesGenerated: 0 },
    ]);
  });

  test('A disabled flow is inactive, an abstract one can not be run, an unknown one is not found.', async () => {
    const { make, refusal } = await bench();
    const disabled = await make('flows', { name: 'Orders', disabled: true });
    const abstract = await make('flows', { name: 'Model', isAbstract: true });

    expect(await refusal('POST', `/v1/flows/${disabled._id}/run`)).toEqual(['422 inactive_flow']);
    expect(await refusal('POST', `/v1/flows/${abstract._id}/run`)).toEqual(['422 not_supported']);
    expect(await refusal('POST', `/v1/flows/${NOBODY}/run`)).toEqual(['404 resource_not_found']);
  });

  test('Only generators of the flow can be chosen, and dates must be dates.', async () => {
    const { make, refusal } = await bench();
    const connection = await make('connections', CONNECTION);
    const from = await make('exports', exportOf(connection._id));
    const other = await make('exports', exportOf(connection._id));
    const flow = await make('flows', { name: 'Orders', pageGenerators: [{ _exportId: from._id }] });
    const run = (body: object) => refusal('POST', `/v1/flows/${flow._id}/run`, body);

    expect(await run({ _exportIds: [from._id], export: { startDate: '2026-01-01T00:00:00.000Z' } })).toEqual(
      [],
    );
    expect(await run({ _exportIds: [other._id] })).toEqual(['422 invalid_ref _exportIds[0]']);
    expect(await run({ export: { endDate: 'soon' } })).toEqual(['422 invalid_value export.endDate']);
  });
});

describe('jobs', () => {
  test('The family holds a child for each step, none of which names the flow.', async () => {
    const { make, call } = await bench();
    const connection = await make('connections', CONNECTION);
    const from = await make('exports', exportOf(connection._id));
    const flow = await make('flows', { name: 'Orders', pageGenerators: [{ _exportId: from._id }] });
    const { _jobId } = (await call('POST', `/v1/flows/${flow._id}/run`)).body;

    const alone = await call('GET', `/v1/jobs/${_jobId}`);
    const family = await call('GET', `/v1/jobs/${_jobId}/family`);

    expect(alone.body).not.toHaveProperty('children');
    expect(family.body.children).toMatchObject([{ type: 'export', _exportId: from._id, _flowJobId: _jobId }]);
    expect(family.body.children[0]).not.toHaveProperty('_flowId');
  });

  test('They are found by flow and by time, newest first; a question that is too wide is a 400.', async () => {
    const { make, call, refusal } = await bench();
    const flow = await make('flows', { name: 'Orders' });
    const ids = [];
    for (let n = 0; n < 3; n += 1) ids.unshift((await call('POST', `/v1/flows/${flow._id}/run`)).body._jobId);
    const found = async (query: string) =>
      (await call('GET', `/v1/jobs?${query}`)).body?.map(({ _id }: { _id: string }) => _id);

    expect(await found(`_flowId=${flow._id}`)).toEqual(ids);
    expect(await found('createdAt_gte=2020-01-01')).toEqual(ids);
    expect(await found(`_flowJobId=${ids[1]}`)).toEqual([ids[1]]);
    expect(await found(`_flowId=${flow._id}&createdAt_lte=2020-01-01`)).toBeUndefined();
    expect(await found(`_flowId=${flow._id}&type=retry`)).toBeUndefined();
    expect(await refusal('GET', '/v1/jobs')).toEqual(['400 invalid_query']);
    expect(await refusal('GET', `/v1/jobs?type=export&_flowId=${flow._id}`)).toEqual(['400 invalid_query']);
    expect(await refusal('GET', '/v1/jobs?createdAt_gte=soon')).toEqual(['400 invalid_query']);
    const latest = await call('GET', `/v1/flows/${flow._id}/jobs/latest`);
    expect(latest.body).toMatchObject([{ _id: ids[0] }]);
  });

  test('One that has not ended can be canceled, one that has stays as it is.', async () => {
    const { make, call } = await bench({ jobMs: 60_000 });
    const flow = await make('flows', { name: 'Orders' });
    const open = (await call('POST', `/v1/flows/${flow._id}/run`)).body._jobId;

    const canceled = await call('PUT', `/v1/jobs/${open}/cancel`, {});

    expect(canceled.body).toMatchObject({ _id: open, status: 'canceled' });
    expect((await call('GET', `/v1/jobs/${open}`)).body.status).toBe('canceled');
  });

  test('Canceling the jobs of a flow leaves those of others alone.', async () => {
    const { make, call } = await bench({ jobMs: 60_000 });
    const jobs = [];
    const flows = [await make('flows', { name: 'One' }), await make('flows', { name: 'Two' })];
    for (const { _id } of flows) jobs.push((await call('POST', `/v1/flows/${_id}/run`)).body._jobId);

    await call('POST', `/v1/flows/${flows[0]?._id}/jobs/cancel`);

    const states = await Promise.all(
      jobs.map(async (id) => (await call('GET', `/v1/jobs/${id}`)).body.status),
    );
    expect(states).toEqual(['canceled', 'queued']);
  });
});
