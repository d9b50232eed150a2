import { describe, expect, test } from '@jest/globals';
import {
  type Bench,
  bench,
  CONNECTION,
  exportOf,
  importOf,
  NOBODY,
  STANDALONE_ID,
  started,
} from './support.ts';

describe('flows', () => {
  test('A flow that names no integration goes to "Standalone flows".', async () => {
    const { make } = await bench();

    const absent = await make('flows', { name: 'Orders' });
    const empty = await make('flows', { name: 'Orders', _integrationId: null });

    expect([absent['_integrationId'], empty['_integrationId']]).toEqual([STANDALONE_ID, STANDALONE_ID]);
  });

  test('Without "Standalone flows" such a flow is refused.', async () => {
    const { refusal } = await bench({ accounts: [{ name: 'a', token: 'token-a', userId: 'u' }] });

    expect(await refusal('POST', '/v1/flows', { name: 'Orders' })).toEqual([
      '422 standalone_flows_not_supported _integrationId',
    ]);
  });

  test('The server stamps what was left out: a flow is enabled unless told.', async () => {
    const { make } = await bench();

    const flow = await make('flows', {
      name: 'Orders',
      lastExecutedAt: 'then',
      logging: { mode: 'all' },
      free: true,
      numInstances: 3,
      _sourceId: NOBODY,
      routers: [{ id: 'r1', branches: [{ name: 'b' }, { name: 'c', branchId: 'mine', nextRouterId: 'r1' }] }],
    });

    expect(flow).toMatchObject({
      disabled: false,
      autoResolveMatchingTraceKeys: true,
      routers: [
        {
          branches: [
            { pageProcessors: [], branchId: expect.any(String) },
            { pageProcessors: [], branchId: 'mine', nextRouterId: 'r1' },
          ],
        },
      ],
    });
    for (const field of ['lastExecutedAt', 'logging', 'free', 'numInstances', '_sourceId']) {
      expect(flow).not.toHaveProperty(field);
    }
  });

  test('A replacement that leaves disabled out enables the flow.', async () => {
    const { make, call } = await bench();
    const flow = await make('flows', { name: 'Orders', disabled: true });

    const reply = await call('PUT', `/v1/flows/${flow._id}`, { name: 'Orders' });

    expect(reply.body.disabled).toBe(false);
  });

  test('The response mapping of the published form is taken and destroyed; left out it is empty.', async () => {
    const { make, call, steps } = await withSteps();
    const step = { type: 'import', _importId: steps.to };
    const wrapped = { fields: { type: [{ extract: 'id', generate: 'id' }] } };

    const flow = await make('flows', {
      name: 'Orders',
      pageProcessors: [{ ...step, responseMapping: wrapped }, step],
    });
    const reply = await call('PUT', `/v1/flows/${flow._id}`, { name: 'Orders', pageProcessors: [step] });

    expect(flow['pageProcessors']).toMatchObject([
      { responseMapping: { fields: [null], lists: [] } },
      { responseMapping: { fields: [], lists: [] } },
    ]);
    expect(reply.body.pageProcessors[0].responseMapping).toEqual({ fields: [], lists: [] });
  });

  test('Page processors and routers exclude each other.', async () => {
    const { refusal, steps } = await withSteps();

    const refused = await refusal('POST', '/v1/flows', {
      name: 'Orders',
      pageProcessors: [{ type: 'import', _importId: steps.to }],
      routers: [{ id: 'r1', branches: [] }],
    });

    expect(refused).toEqual(['422 invalid_request routers']);
  });

  test('Steps without what they need are refused, unless their setup is in progress.', async () => {
    const { refusal } = await bench();
    const broken = {
      name: 'Orders',
      pageGenerators: [{}],
      pageProcessors: [{ type: 'import' }, { type: 'x' }],
    };
    const inProgress = { name: 'Orders', pageGenerators: [{ setupInProgress: true }] };

    expect(await refusal('POST', '/v1/flows', broken)).toEqual([
      '422 missing_required_field pageGenerators[0]._exportId',
      '422 missing_required_field pageProcessors[0]._importId',
      '422 invalid_value pageProcessors[1].type',
    ]);
    expect(await refusal('POST', '/v1/flows', inProgress)).toEqual([]);
  });

  test('Routers need ids that differ, branches a name and a next router that exists.', async () => {
    const { refusal } = await bench();

    const refused = await refusal('POST', '/v1/flows', {
      name: 'Orders',
      routers: [
        { id: 'r1', routeRecordsTo: 'nowhere', branches: [{ nextRouterId: 'r9' }] },
        { id: 'r1', routeRecordsUsing: 'script', branches: [] },
        { branches: [] },
      ],
    });

    expect(refused).toEqual([
      '422 invalid_value routers[1].id',
      '422 missing_required_field routers[2].id',
      '422 invalid_value routers[0].routeRecordsTo',
      '422 missing_required_field routers[0].branches[0].name',
      '422 invalid_value routers[0].branches[0].nextRouterId',
      '422 missing_required_field routers[1].script._scriptId',
    ]);
  });

  test('Router and branch ids are kept as they are, also when they look like object ids.', async () => {
    const { make } = await bench();

    const flow = await make('flows', {
      name: 'Orders',
      routers: [{ id: NOBODY, branches: [{ name: 'b', branchId: NOBODY, nextRouterId: NOBODY }] }],
    });

    expect(flow['routers']).toMatchObject([
      { id: NOBODY, branches: [{ branchId: NOBODY, nextRouterId: NOBODY }] },
    ]);
  });
});

describe('flow groups', () => {
  test('An unknown group is dropped on creation and refused on a move.', async () => {
    const { make, refusal } = await bench();
    const groups = [{ name: 'Daily' }];
    const one = await make('integrations', { name: 'One', flowGroupings: groups });
    const two = await make('integrations', { name: 'Two', flowGroupings: groups });
    const groupId = (one['flowGroupings'] as { _id: string }[])[0]?._id;
    const fields = { name: 'Orders', _integrationId: one._id, _flowGroupingId: groupId };

    const lost = await make('flows', { ...fields, _flowGroupingId: NOBODY });
    const flow = await make('flows', fields);
    const moved = await refusal('PUT', `/v1/flows/${flow._id}`, { ...fields, _integrationId: two._id });

    expect(lost).not.toHaveProperty('_flowGroupingId');
    expect(flow['_flowGroupingId']).toBe(groupId);
    expect(moved).toEqual(['422 flowgrouping_not_belong _flowGroupingId']);
  });

  test('updateFlowGrouping moves several flows into a group of theirs, or out of it.', async () => {
    const { make, call, refusal } = await bench();
    const integration = await make('integrations', { name: 'One', flowGroupings: [{ name: 'Daily' }] });
    const groupId = (integration['flowGroupings'] as { _id: string }[])[0]?._id;
    const flow = await make('flows', { name: 'Orders', _integrationId: integration._id });
    const path = '/v1/flows/updateFlowGrouping';

    const into = await call('PUT', path, { _flowIds: [flow._id], _flowGroupingId: groupId });
    const wrong = await refusal('PUT', path, { _flowIds: [flow._id], _flowGroupingId: NOBODY });

    expect(into.status).toBe(204);
    expect(wrong).toEqual(['422 flowgrouping_not_belong _flowGroupingId']);
    expect((await call('GET', `/v1/flows/${flow._id}`)).body._flowGroupingId).toBe(groupId);
  });

  test('A move registers the connections of the steps with the new integration.', async () => {
    const { make, call, steps } = await withSteps();
    const integration = await make('integrations', { name: 'Shop' });
    const fields = { name: 'Orders', pageGenerators: [{ _exportId: steps.from }] };
    const flow = await make('flows', fields);

    await call('PUT', `/v1/flows/${flow._id}`, { ...fields, _integrationId: integration._id });

    const { body } = await call('GET', `/v1/integrations/${integration._id}`);
    expect(body._registeredConnectionIds).toEqual([steps.connection]);
  });
});

describe('abstract flows', () => {
  test('Page processors of an abstract flow become a router of one branch.', async () => {
    const { make, steps } = await withSteps();

    const flow = await make('flows', {
      name: 'Model',
      isAbstract: true,
      pageProcessors: [{ type: 'import', _importId: steps.to }],
    });

    expect(flow).not.toHaveProperty('pageProcessors');
    expect(flow['routers']).toMatchObject([{ branches: [{ pageProcessors: [{ _importId: steps.to }] }] }]);
  });

  test('An instance names an abstract flow for good and has no steps of its own.', async () => {
    const { make, refusal, steps } = await withSteps();
    const abstract = await make('flows', { name: 'Model', isAbstract: true });
    const other = await make('flows', { name: 'Model', isAbstract: true });
    const plain = await make('flows', { name: 'Plain' });
    const instance = await make('flows', { name: 'Instance', _abstractFlowId: abstract._id });
    const own = { name: 'Own', _abstractFlowId: abstract._id, pageGenerators: [{ _exportId: steps.from }] };

    expect(await refusal('POST', '/v1/flows', { name: 'x', _abstractFlowId: plain._id })).toEqual([
      '422 invalid_ref _abstractFlowId',
    ]);
    expect(await refusal('POST', '/v1/flows', own)).toEqual(['422 invalid_request pageGenerators']);
    expect(
      await refusal('PUT', `/v1/flows/${instance._id}`, { name: 'x', _abstractFlowId: other._id }),
    ).toEqual(['422 invalid_value _abstractFlowId']);
    expect(await refusal('PUT', `/v1/flows/${abstract._id}`, { name: 'Model' })).toEqual([
      '422 invalid_request isAbstract',
    ]);
    expect(await refusal('POST', '/v1/flows', { name: 'x', _runNextFlowIds: [abstract._id] })).toEqual([
      '422 invalid_value _runNextFlowIds[0]',
    ]);
  });
});

describe('aliases', () => {
  test('Their names must differ within a flow.', async () => {
    const { refusal, steps } = await withSteps();
    const alias = { alias: 'orders', _exportId: steps.from };

    expect(await refusal('POST', '/v1/flows', { name: 'Orders', aliases: [alias, alias] })).toEqual([
      '422 invalid_value aliases[1].alias',
    ]);
  });
});

describe('replaceConnection', () => {
  test('It swaps a connection on every step of the flow.', async () => {
    const { make, call, steps } = await withSteps();
    const other = await make('connections', CONNECTION);
    const flow = await make('flows', {
      name: 'Orders',
      pageGenerators: [{ _exportId: steps.from }],
      pageProcessors: [{ type: 'import', _importId: steps.to }],
    });

    const reply = await call('PUT', `/v1/flows/${flow._id}/replaceConnection`, {
      _connectionId: steps.connection,
      _newConnectionId: other._id,
    });

    expect(reply.status).toBe(200);
    expect((await call('GET', `/v1/exports/${steps.from}`)).body._connectionId).toBe(other._id);
    expect((await call('GET', `/v1/imports/${steps.to}`)).body._connectionId).toBe(other._id);
  });
});

test('The documented flows can be written back as they were read.', async () => {
  const sandbox = await started();
  const headers = { authorization: 'Bearer sandbox-blueprint-token' };

  for (const flow of sandbox.documents('blueprint', 'flows')) {
    const body = JSON.stringify(flow);
    const response = await fetch(`${sandbox.url}/v1/flows/${flow._id}`, { method: 'PUT', headers, body });
    expect(response.status).toBe(200);
    await response.text();
  }
});

async function withSteps(): Promise<Bench & { steps: { connection: string; from: string; to: string } }> {
  const made = await bench();
  const { _id: connection } = await made.make('connections', CONNECTION);
  const { _id: from } = await made.make('exports', exportOf(connection));
  const { _id: to } = await made.make('imports', importOf(connection));
  return { ...made, steps: { connection, from, to } };
}
