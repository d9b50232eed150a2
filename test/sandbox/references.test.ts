import { describe, expect, test } from '@jest/globals';
import { bench, CONNECTION, exportOf, importOf, NOBODY } from './support.ts';

describe('references', () => {
  test('A malformed _integrationId is a 400, an unknown one a 422.', async () => {
    const { refusal } = await bench();

    expect(await refusal('POST', '/v1/flows', { name: 'Orders', _integrationId: 'shop' })).toEqual([
      '400 invalid_ref _integrationId',
    ]);
    expect(await refusal('POST', '/v1/flows', { name: 'Orders', _integrationId: NOBODY })).toEqual([
      '422 invalid_ref _integrationId',
    ]);
  });

  test('All that is wrong is listed at once, each with its path.', async () => {
    const { refusal } = await bench();

    const refused = await refusal('POST', '/v1/flows', {
      name: 'Orders',
      pageGenerators: [{ _exportId: NOBODY, _keepDeltaBehindFlowId: NOBODY }],
      routers: [
        {
          id: 'r1',
          script: { _scriptId: NOBODY },
          branches: [
            {
              name: 'b',
              pageProcessors: [
                {
                  type: 'import',
                  _importId: NOBODY,
                  hooks: { postResponseMap: { _stackId: NOBODY, function: 'f' } },
                },
              ],
            },
          ],
        },
      ],
      _runNextFlowIds: [NOBODY],
      aliases: [{ alias: 'cache', _lookupCacheId: NOBODY }],
    });

    expect(refused).toEqual([
      '422 invalid_ref pageGenerators[0]._exportId',
      '422 invalid_ref pageGenerators[0]._keepDeltaBehindFlowId',
      '422 invalid_ref routers[0].script._scriptId',
      '422 invalid_ref routers[0].branches[0].pageProcessors[0]._importId',
      '422 invalid_ref routers[0].branches[0].pageProcessors[0].hooks.postResponseMap._stackId',
      '422 invalid_ref _runNextFlowIds[0]',
      '422 invalid_ref aliases[0]._lookupCacheId',
    ]);
  });

  test.each([
    ['exports', 'hooks.preSavePage._scriptId'],
    ['exports', 'filter.script._scriptId'],
    ['exports', 'transform.expression.rulesTwoDotZero.lookups[0]._lookupCacheId'],
    ['exports', 'file.fileDefinition._fileDefinitionId'],
    ['exports', 'http._asyncHelperId'],
    ['exports', 'settingsForm.form.fieldMap.a.keyResource.virtual._connectionId'],
    ['imports', 'netsuite_da.lookups[0]._lookupCacheId'],
    ['imports', 'hooks.postSubmit._stackId'],
    ['imports', 'tool._toolId'],
    ['imports', 'tool.overrides.connections[0]._id'],
    ['imports', 'aiAgent.openai.tools[0].tool.overrides.exports[0]._abstractId'],
    ['imports', 'guardrail.aiAgent.litellm._overrides.gemini.tools[0].mcp._mcpConnectionId'],
    ['connections', 'http._iClientId'],
    ['connections', 'as2.contentBasedFlowRouter._scriptId'],
    ['connections', '_borrowConcurrencyFromConnectionId'],
    ['connections', '_agentId'],
    ['integrations', 'flowGroupings[0].settingsForm.init._scriptId'],
    ['integrations', 'aliases[0]._flowId'],
    ['integrations', '_parentId'],
    ['flows', 'overrides.exports[0]._id'],
    ['flows', 'overridesHelper.imports[0]._abstractId'],
    ['asynchelpers', 'http.result._importId'],
    ['lookupcaches', '_stackId'],
    ['tools', 'output.hooks.preMap._scriptId'],
  ] as const)('In %s, %s must name something that exists.', async (collection, field) => {
    const { make, refusal } = await bench();
    const connection = await make('connections', CONNECTION);
    const status = await make('exports', exportOf(connection._id));
    const sound: Record<string, object> = {
      exports: exportOf(connection._id),
      imports: importOf(connection._id),
      connections: CONNECTION,
      integrations: { name: 'Shop' },
      flows: { name: 'Orders' },
      asynchelpers: { name: 'Wait', http: { status: { _exportId: status._id } } },
      lookupcaches: { name: 'Codes' },
      tools: { name: 'Calculator' },
    };

    const dangling = await refusal('POST', `/v1/${collection}`, put(sound[collection], field, NOBODY));
    const wrongType = await refusal('POST', `/v1/${collection}`, put(sound[collection], field, 7));
    const nothing = await refusal('POST', `/v1/${collection}`, put(sound[collection], field, null));

    expect(dangling).toEqual([`422 invalid_ref ${field}`]);
    expect(wrongType).toEqual([`422 invalid_ref ${field}`]);
    expect(nothing).toEqual([]);
  });

  test.each([
    'sampleData._connectionId',
    'sampleResponseData[0]._exportId',
    'mockOutput.page[0]._importId',
    'mockResponse._scriptId',
    'http._httpConnectorEndpointId',
    'netsuite.restlet.searchId',
    'wrapper._stackId',
    '_sourceId',
    '_templateId',
    'settings.someId',
  ])('%s is no reference of an export.', async (field) => {
    const { make, call } = await bench();
    const connection = await make('connections', CONNECTION);

    const reply = await call('POST', '/v1/exports', put(exportOf(connection._id), field, NOBODY));

    expect(reply.status).toBe(201);
  });

  test('What is named must be of the right collection.', async () => {
    const { make, refusal } = await bench();
    const connection = await make('connections', CONNECTION);
    const to = await make('imports', importOf(connection._id));

    const refused = await refusal('POST', '/v1/flows', {
      name: 'Orders',
      pageGenerators: [{ _exportId: to._id }],
    });

    expect(refused).toEqual(['422 invalid_ref pageGenerators[0]._exportId']);
  });

  test('A replacement and a patch are checked like a creation.', async () => {
    const { make, refusal } = await bench();
    const flow = await make('flows', { name: 'Orders' });

    const put = await refusal('PUT', `/v1/flows/${flow._id}`, { name: 'Orders', _runNextFlowIds: [NOBODY] });
    const patch = await refusal('PATCH', `/v1/flows/${flow._id}`, [
      { op: 'replace', path: '/aliases', value: [{ alias: 'x', _flowId: NOBODY }] },
    ]);

    expect(put).toEqual(['422 invalid_ref _runNextFlowIds[0]']);
    expect(patch).toEqual(['422 invalid_ref aliases[0]._flowId']);
  });

  test("An iClient of integrator.io itself may be named, but isn't listed.", async () => {
    const { call } = await bench({ globalIClientIds: [NOBODY] });

    const made = await call('POST', '/v1/connections', { ...CONNECTION, http: { _iClientId: NOBODY } });

    expect(made.status).toBe(201);
    expect((await call('GET', '/v1/iclients')).status).toBe(204);
    expect((await call('GET', `/v1/iclients/${NOBODY}`)).status).toBe(404);
  });

  test('dependencies names who uses a document, and where.', async () => {
    const { make, call } = await bench();
    const connection = await make('connections', CONNECTION);
    const from = await make('exports', exportOf(connection._id));
    const flow = await make('flows', { name: 'Orders', pageGenerators: [{ _exportId: from._id }] });

    const used = await call('GET', `/v1/exports/${from._id}/dependencies`);
    const unused = await call('GET', `/v1/flows/${flow._id}/dependencies`);

    expect(used.body).toEqual({
      flows: [{ id: flow._id, name: 'Orders', paths: ['pageGenerators[0]._exportId'], accessLevel: 'owner' }],
    });
    expect(unused.body).toEqual({});
  });
});

/** A copy of the document with a value at a path such as `a.b[0].c`. */
function put(document: object | undefined, field: string, value: unknown): object {
  const copy: object = structuredClone(document ?? {});
  const keys = field.split(/[.[\]]+/).filter(Boolean);
  let holder = copy as Record<string, unknown>;
  for (const [index, key] of keys.entries()) {
    const next = keys[index + 1];
    if (next === undefined) holder[key] = value;
    else holder[key] ??= /^\d+$/.test(next) ? [] : {};
    const child = holder[key];
    if (typeof child === 'object' && child !== null) holder = child as Record<string, unknown>;
    // Groups and aliases must have names to be taken at all.
    if (key === '0' && next !== undefined) Object.assign(holder, { name: 'n', alias: 'n' });
  }
  return copy;
}
