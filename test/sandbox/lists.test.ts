import { describe, expect, test } from '@jest/globals';
import { bench, CONNECTION, exportOf, importOf, nextOf, started } from './support.ts';

describe('lists', () => {
  test('An empty list is a 204 without a body.', async () => {
    const { call } = await bench();

    const reply = await call('GET', '/v1/flows');

    expect(reply.status).toBe(204);
    expect(reply.text).toBe('');
  });

  test('Pages follow each other in the order of creation; their links name another host.', async () => {
    const { call, make } = await bench({ pageSize: 4 });
    for (let n = 0; n < 10; n += 1) await make('scripts', { name: `s${n}` });

    const names: string[] = [];
    const sizes: number[] = [];
    let next: string | undefined = '/v1/scripts';
    while (next) {
      const reply = await call('GET', next);
      names.push(...reply.body.map(({ name }: { name: string }) => name));
      sizes.push(reply.body.length);
      if (nextOf(reply)) expect(reply.headers.get('link')).toContain('https://api.integrator.io/v1/scripts?');
      next = nextOf(reply);
    }

    expect(names).toEqual(Array.from({ length: 10 }, (_, n) => `s${n}`));
    expect(sizes).toEqual([4, 4, 2]);
  });

  test('A limit is honoured, kept in the next link and cut at 1,000.', async () => {
    const { call, sandbox } = await bench();
    const scripts = Array.from({ length: 1001 }, (_, n) => ({
      _id: n.toString(16).padStart(24, '0'),
      name: `s${n}`,
    }));
    sandbox.load('a', { scripts });

    const three = await call('GET', '/v1/scripts?limit=3');
    const many = await call('GET', '/v1/scripts?limit=5000');

    expect(three.body).toHaveLength(3);
    expect(nextOf(three)).toContain('limit=3');
    expect(many.body).toHaveLength(1000);
    expect((await call('GET', nextOf(many) ?? '')).body).toHaveLength(1);
  });

  test('A page is not disturbed by what was deleted before it.', async () => {
    const { call, make } = await bench({ pageSize: 2 });
    const made = [];
    for (let n = 0; n < 5; n += 1) made.push(await make('scripts', { name: `s${n}` }));
    const first = await call('GET', '/v1/scripts');
    await call('DELETE', `/v1/scripts/${made[0]?._id}`);
    await call('DELETE', `/v1/scripts/${made[2]?._id}`);

    const second = await call('GET', nextOf(first) ?? '');

    expect(second.body.map(({ name }: { name: string }) => name)).toEqual(['s3', 's4']);
  });

  test('Limits and cursors that make no sense are a 400.', async () => {
    const { refusal } = await bench();

    for (const query of ['limit=0', 'limit=-1', 'limit=ten', 'after=elsewhere']) {
      expect(await refusal('GET', `/v1/scripts?${query}`)).toEqual(['400 invalid_query_params']);
    }
  });

  test('Scripts are listed without their content, which only a read by id gives.', async () => {
    const { call, make } = await bench();
    const script = await make('scripts', { name: 'Tidy', content: 'return 1' });

    const listed = await call('GET', '/v1/scripts');
    const asked = await call('GET', '/v1/scripts?include=content');
    const alone = await call('GET', `/v1/scripts/${script._id}`);

    expect(listed.body[0]).not.toHaveProperty('content');
    expect(asked.body[0]).not.toHaveProperty('content');
    expect(alone.body.content).toBe('return 1');
  });

  test('Instances of abstract flows are listed only when asked for.', async () => {
    const { call, make } = await bench();
    const abstract = await make('flows', { name: 'Model', isAbstract: true, routers: [] });
    await make('flows', { name: 'Instance', _abstractFlowId: abstract._id });

    const usual = await call('GET', '/v1/flows');
    const all = await call('GET', '/v1/flows?includeInstances=true');

    expect(usual.body).toHaveLength(1);
    expect(all.body).toHaveLength(2);
  });
});

describe('projection', () => {
  test('include gives the identity and the fields named, into lists too; unknown ones are no error.', async () => {
    const { call, make } = await bench();
    const connection = await make('connections', CONNECTION);
    const from = await make('exports', exportOf(connection._id));
    await make('flows', { name: 'Orders', pageGenerators: [{ _exportId: from._id, skipRetries: true }] });

    const flows = await call('GET', '/v1/flows?include=disabled,pageGenerators._exportId,nothing');
    const exports = await call('GET', '/v1/exports?include=lastModified');

    expect(flows.body).toEqual([
      { _id: expect.any(String), name: 'Orders', disabled: false, pageGenerators: [{ _exportId: from._id }] },
    ]);
    expect(Object.keys(exports.body[0]).sort()).toEqual(['_id', 'adaptorType', 'lastModified', 'name']);
  });

  test('exclude leaves fields out, an empty value counts as absent.', async () => {
    const { call, make } = await bench();
    await make('scripts', { name: 'Tidy', description: 'of orders' });

    const without = await call('GET', '/v1/scripts?exclude=description,_id');
    const whole = await call('GET', '/v1/scripts?include=&exclude=');

    expect(without.body[0]).not.toHaveProperty('description');
    expect(without.body[0]).toHaveProperty('_id');
    expect(whole.body[0]).toHaveProperty('description');
  });

  test('Both at once, or characters that no path has, are a 400.', async () => {
    const { refusal } = await bench();

    for (const query of ['include=name&exclude=_id', 'include=na-me', 'exclude=a%20b', 'include[]=name']) {
      expect(await refusal('GET', `/v1/flows?${query}`)).toEqual(['400 invalid_query_params']);
    }
  });

  test('A secret stays masked when it is asked for by its path.', async () => {
    const { call, make } = await bench();
    await make('connections', CONNECTION);

    const reply = await call('GET', '/v1/connections?include=http.auth.token.token');

    expect(reply.body[0].http.auth.token.token).toBe('******');
  });
});

describe('lists within an integration', () => {
  test('They hold its flows, the steps and helpers of those, and its registered connections.', async () => {
    const { call, make } = await bench();
    const integration = await make('integrations', { name: 'Shop' });
    const connection = await make('connections', { ...CONNECTION, __integrationIds: [integration._id] });
    const status = await make('exports', exportOf(connection._id));
    const helper = await make('asynchelpers', { name: 'Wait', http: { status: { _exportId: status._id } } });
    const from = await make('exports', exportOf(connection._id, { http: { _asyncHelperId: helper._id } }));
    const to = await make('imports', importOf(connection._id));
    await make('imports', importOf(connection._id, { name: 'Elsewhere' }));
    const flow = await make('flows', {
      name: 'Orders',
      _integrationId: integration._id,
      pageGenerators: [{ _exportId: from._id }],
      pageProcessors: [{ type: 'import', _importId: to._id }],
    });

    const lists: Record<string, string[]> = {};
    for (const name of ['flows', 'exports', 'imports', 'connections', 'asynchelpers']) {
      const reply = await call('GET', `/v1/integrations/${integration._id}/${name}`);
      lists[name] = reply.body.map(({ _id }: { _id: string }) => _id);
    }

    expect(lists).toEqual({
      flows: [flow._id],
      exports: [from._id],
      imports: [to._id],
      connections: [connection._id],
      asynchelpers: [helper._id],
    });
  });

  test('An unknown integration is a 404.', async () => {
    const { refusal } = await bench();

    expect(await refusal('GET', '/v1/integrations/x/flows')).toEqual(['404 resource_not_found']);
  });
});

test('The connector catalogue is the same in every account.', async () => {
  const sandbox = await started();
  const lists = await Promise.all(
    sandbox.accounts().map(async ({ token }) => {
      const response = await fetch(`${sandbox.url}/v1/httpconnectors`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return response.json();
    }),
  );

  expect(lists[0]).toEqual(lists[1]);
  expect(lists[0]).not.toEqual([]);
});
