import { describe, expect, test } from '@jest/globals';
import type { Document } from '../../sandbox/index.ts';
import { bench, CONNECTION, exportOf, importOf, NOBODY } from './support.ts';

/** A flow that reaches two connections, one of them only through the status export of a helper. */
async function shop() {
  const made = await bench();
  const { make } = made;
  const integration = await make('integrations', { name: 'Shop', flowGroupings: [{ name: 'Daily' }] });
  const groupId = (integration['flowGroupings'] as Document[])[0]?._id;
  const near = await make('connections', CONNECTION);
  const far = await make('connections', { ...CONNECTION, name: 'Status' });
  const script = await make('scripts', { name: 'Tidy', content: 'x' });
  const cache = await make('lookupcaches', { name: 'Codes', includeDataInTemplatesAndCloning: true });
  const status = await make('exports', exportOf(far._id, { name: 'Status' }));
  const helper = await make('asynchelpers', { name: 'Wait', http: { status: { _exportId: status._id } } });
  const from = await make('exports', exportOf(near._id, { http: { _asyncHelperId: helper._id } }));
  const to = await make(
    'imports',
    importOf(near._id, { lookups: [{ name: 'c', _lookupCacheId: cache._id }] }),
  );
  const next = await make('flows', { name: 'Next' });
  const flow = await make('flows', {
    name: 'Orders',
    _integrationId: integration._id,
    _flowGroupingId: groupId,
    schedule: '? 0 2 ? * *',
    pageGenerators: [{ _exportId: from._id }],
    pageProcessors: [
      {
        type: 'import',
        _importId: to._id,
        hooks: { postResponseMap: { _scriptId: script._id, function: 'f' } },
      },
    ],
    _runNextFlowIds: [next._id],
    aliases: [{ alias: 'orders', _exportId: from._id }],
  });
  return { ...made, integration, groupId, near, far, script, cache, from, to, flow };
}

describe('clone of a flow', () => {
  test('It copies what the flow needs and answers with a manifest; the copy points at copies only.', async () => {
    const { call, flow, integration, near, far, from, to, script } = await shop();

    const reply = await call('POST', `/v1/flows/${flow._id}/clone`, {
      name: 'Clone - Orders',
      _integrationId: integration._id,
      connectionMap: { [near._id]: near._id, [far._id]: near._id },
    });

    expect(reply.status).toBe(201);
    const models = reply.body.map(({ model }: { model: string }) => model).sort();
    expect(models).toEqual(['AsyncHelper', 'Export', 'Export', 'Flow', 'Import', 'LookupCache', 'Script']);
    const copies = await Promise.all(
      reply.body.map(async ({ model, _id }: { model: string; _id: string }) => {
        const collection = `${model.toLowerCase()}s`;
        const copied = await call('GET', `/v1/${collection}/${_id}`);
        expect(copied.status).toBe(200);
        return copied.text;
      }),
    );
    for (const original of [flow, from, to, script]) {
      // Where a copy names its original, it says so: _sourceId.
      for (const text of copies)
        expect(text.replaceAll(/"_sourceId":"[^"]+"/g, '')).not.toContain(original._id);
    }
    for (const text of copies) expect(text).not.toContain(far._id);
  });

  test('The copy is disabled and has lost its schedule and its next flows; aliases name the copies.', async () => {
    const { call, flow, integration, near, far, groupId } = await shop();

    const reply = await call('POST', `/v1/flows/${flow._id}/clone`, {
      _integrationId: integration._id,
      _flowGroupingId: groupId,
      connectionMap: { [near._id]: near._id, [far._id]: far._id },
    });
    const { body } = await call('GET', `/v1/flows/${reply.body[0]._id}`);

    expect(body).toMatchObject({ name: 'Orders', disabled: true, _flowGroupingId: groupId });
    expect(body).not.toHaveProperty('schedule');
    expect(body).not.toHaveProperty('_runNextFlowIds');
    expect(body.aliases).toEqual([{ alias: 'orders', _exportId: body.pageGenerators[0]._exportId }]);
  });

  test('The entries of a lookup cache come along when it says so.', async () => {
    const { call, flow, integration, near, far, cache } = await shop();
    await call('POST', `/v1/lookupcaches/${cache._id}/data`, { data: [{ key: 'k', value: 1 }] });

    const reply = await call('POST', `/v1/flows/${flow._id}/clone`, {
      _integrationId: integration._id,
      connectionMap: { [near._id]: near._id, [far._id]: far._id },
    });
    const copied = reply.body.find(({ model }: { model: string }) => model === 'LookupCache');

    const data = await call('POST', `/v1/lookupcaches/${copied._id}/getData`, {});
    expect(data.body).toEqual({ data: [{ key: 'k', value: 1 }] });
  });

  test('The connection map must cover every connection that is reached, with ones that exist.', async () => {
    const { refusal, flow, integration, near, far, sandbox } = await shop();
    const before = sandbox.documents('a').length;
    const clone = (connectionMap: unknown) =>
      refusal('POST', `/v1/flows/${flow._id}/clone`, { _integrationId: integration._id, connectionMap });

    for (const map of [
      undefined,
      {},
      { [near._id]: near._id },
      { [near._id]: near._id, [far._id]: NOBODY },
      { [near._id]: near._id, [far._id]: 7 },
      'all',
    ]) {
      expect(await clone(map)).toEqual(['400 invalid_connectionMap connectionMap']);
    }
    expect(sandbox.documents('a')).toHaveLength(before);
  });

  test('The integration is required and must exist.', async () => {
    const { refusal, flow } = await shop();
    const path = `/v1/flows/${flow._id}/clone`;

    expect(await refusal('POST', path, {})).toEqual(['422 invalid_ref _integrationId']);
    expect(await refusal('POST', path, { _integrationId: NOBODY })).toEqual([
      '422 invalid_ref _integrationId',
    ]);
    expect(await refusal('POST', path, { _integrationId: 'x' })).toEqual(['400 invalid_ref _integrationId']);
  });

  test('What belongs to an integration app is not cloned.', async () => {
    const { refusal, flow, integration, sandbox } = await shop();
    sandbox.edit('a', 'flows', flow._id, (document) => {
      document['_connectorId'] = NOBODY;
    });

    const refused = await refusal('POST', `/v1/flows/${flow._id}/clone`, { _integrationId: integration._id });

    expect(refused).toEqual(['422 not_allowed']);
  });

  test('The preview shows all that would be copied and the connections, secrets masked.', async () => {
    const { call, flow } = await shop();

    const { body, text } = await call('GET', `/v1/flows/${flow._id}/clone/preview`);

    expect(body.objects.map(({ model }: { model: string }) => model).sort()).toEqual(
      [
        'AsyncHelper',
        'Connection',
        'Connection',
        'Export',
        'Export',
        'Flow',
        'Import',
        'LookupCache',
        'Script',
      ].sort(),
    );
    expect(body).toMatchObject({ stackRequired: false, _stackId: null });
    expect(text).not.toContain('planted-secret');
  });
});

describe('clone of a step', () => {
  test('It answers with the copy itself; the connection map may be left out.', async () => {
    const { call, to, near } = await shop();

    const reply = await call('POST', `/v1/imports/${to._id}/clone`, { name: 'Copy' });

    expect(reply.status).toBe(201);
    expect(reply.body).toMatchObject({ name: 'Copy', _connectionId: near._id });
    expect(reply.body._id).not.toBe(to._id);
    expect(reply.body.apiIdentifier).not.toBe(to['apiIdentifier']);
  });
});

describe('clone of an integration', () => {
  test('Flows and their groups come along, and the mapped connections are registered.', async () => {
    const { call, integration, near, far } = await shop();

    const reply = await call('POST', `/v1/integrations/${integration._id}/clone`, {
      name: 'Shop 2',
      connectionMap: { [near._id]: near._id, [far._id]: near._id },
    });
    const [root] = reply.body;
    const copy = await call('GET', `/v1/integrations/${root._id}`);
    const flows = await call('GET', `/v1/integrations/${root._id}/flows`);

    expect(copy.body).toMatchObject({ name: 'Shop 2', flowGroupings: [{ name: 'Daily' }] });
    expect(copy.body.flowGroupings[0]._id).not.toBe((integration['flowGroupings'] as Document[])[0]?._id);
    expect(copy.body._registeredConnectionIds).toEqual([near._id]);
    expect(flows.body).toMatchObject([
      { name: 'Orders', disabled: true, _flowGroupingId: copy.body.flowGroupings[0]._id },
    ]);
  });

  test('With the new installer there is a shell to be installed.', async () => {
    const { call, integration } = await shop();

    const reply = await call('POST', `/v1/integrations/${integration._id}/clone`, {
      newTemplateInstaller: true,
    });

    expect(reply.body).toEqual({ _integrationId: expect.any(String) });
    expect((await call('GET', `/v1/integrations/${reply.body._integrationId}`)).body.mode).toBe('install');
  });

  test('One that has APIs is refused.', async () => {
    const { make, refusal, integration } = await shop();
    await make('apis', { name: 'Orders API', _integrationId: integration._id });

    expect(await refusal('POST', `/v1/integrations/${integration._id}/clone`, {})).toEqual([
      '422 not_supported',
    ]);
  });
});
