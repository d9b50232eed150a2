import { describe, expect, test } from '@jest/globals';
import { bench, CONNECTION, NOBODY } from './support.ts';

const SECRETS: Record<string, object> = {
  http: {
    http: {
      encrypted: { any: { depth: 'planted-1' } },
      auth: { basic: { username: 'shown', password: 'planted-2' }, oauth: { clientSecret: 'planted-3' } },
      clientCertificates: { key: 'planted-4' },
      unencrypted: { field: 'shown' },
    },
  },
  rest: { rest: { bearerToken: 'planted-1', refreshToken: 'planted-2' } },
  ftp: {
    ftp: { username: 'shown', password: 'planted-1', authKey: 'planted-2' },
    pgp: { privateKey: 'planted-3' },
  },
  rdbms: { rdbms: { user: 'shown', password: 'planted-1', ssl: { key: 'planted-2' } } },
  s3: { s3: { accessKeyId: 'shown', secretAccessKey: 'planted-1' } },
  salesforce: { salesforce: { refreshToken: 'planted-1' } },
  netsuite: { netsuite: { tokenId: 'planted-1', tokenSecret: 'planted-2', account: 'shown' } },
  as2: { as2: { encrypted: { userPrivateKey: 'planted-1' } } },
};

describe('secrets of connections', () => {
  test.each(Object.keys(SECRETS))('Those of type %s are stored and never shown.', async (type) => {
    const { call, make, sandbox } = await bench();

    const made = await make('connections', { name: 'x', type, ...SECRETS[type] });
    const read = await call('GET', `/v1/connections/${made._id}`);
    const listed = await call('GET', '/v1/connections');

    const stored = JSON.stringify(sandbox.documents('a', 'connections'));
    for (const text of [JSON.stringify(made), read.text, listed.text]) {
      expect(text).not.toContain('planted');
      expect(text.includes('shown')).toBe(stored.includes('shown'));
    }
    expect(stored).toContain('planted-1');
    expect(made['offline']).toBe(false);
  });

  test('A mask that is written back becomes the secret, and the connection goes offline.', async () => {
    const { call, make, sandbox } = await bench();
    const made = await make('connections', CONNECTION);

    const reply = await call('PUT', `/v1/connections/${made._id}`, made);

    expect(reply.body.offline).toBe(true);
    expect(JSON.stringify(sandbox.documents('a', 'connections'))).not.toContain('planted-secret');
  });

  test('Settings are no place of secrets: they are shown as they are.', async () => {
    const { make } = await bench();

    const made = await make('connections', { ...CONNECTION, settings: { token: 'shown' } });

    expect(made['settings']).toEqual({ token: 'shown' });
  });
});

describe('connections', () => {
  test('Without credentials a connection is offline, whatever the client says.', async () => {
    const { call, make } = await bench();
    const shell = await make('connections', { name: 'Shop', type: 'http', offline: false, http: {} });
    const whole = await make('connections', { ...CONNECTION, offline: true });

    const pings = [
      await call('POST', `/v1/connections/${shell._id}/ping`),
      await call('POST', `/v1/connections/${whole._id}/ping`),
    ];

    expect([shell['offline'], whole['offline']]).toEqual([true, false]);
    expect(pings.map(({ status }) => status)).toEqual([200, 200]);
    expect(pings[0]?.body).toMatchObject({ code: 401, errors: [{ code: '401' }] });
    expect(pings[1]?.body).toEqual({ code: 200 });
  });

  test('A type is required; a wrapper needs a stack, a file system an agent.', async () => {
    const { refusal } = await bench();

    expect(await refusal('POST', '/v1/connections', { name: 'x' })).toEqual([
      '422 missing_required_field type',
    ]);
    expect(await refusal('POST', '/v1/connections', { name: 'x', type: 'wrapper' })).toEqual([
      '422 missing_required_field wrapper._stackId',
    ]);
    expect(await refusal('POST', '/v1/connections', { name: 'x', type: 'filesystem' })).toEqual([
      '422 missing_required_field _agentId',
    ]);
  });

  test('Concurrency is borrowed over one level only.', async () => {
    const { make, refusal } = await bench();
    const lender = await make('connections', CONNECTION);
    const borrower = await make('connections', {
      ...CONNECTION,
      _borrowConcurrencyFromConnectionId: lender._id,
    });

    const refused = await refusal('POST', '/v1/connections', {
      ...CONNECTION,
      _borrowConcurrencyFromConnectionId: borrower._id,
    });

    expect(refused).toEqual(['422 invalid_value _borrowConcurrencyFromConnectionId']);
  });

  test('One can be registered with integrations as it is made; an unknown one is a 404 and nothing is made.', async () => {
    const { make, call, sandbox } = await bench();
    const integration = await make('integrations', { name: 'Shop' });

    const made = await call('POST', '/v1/connections', {
      ...CONNECTION,
      __integrationIds: [integration._id],
    });
    const refused = await call('POST', '/v1/connections', { ...CONNECTION, __integrationIds: [NOBODY] });

    expect([made.status, refused.status]).toEqual([201, 404]);
    expect(made.body).not.toHaveProperty('__integrationIds');
    expect((await call('GET', `/v1/integrations/${integration._id}`)).body._registeredConnectionIds).toEqual([
      made.body._id,
    ]);
    expect(sandbox.documents('a', 'connections')).toHaveLength(1);
  });

  test('A package counts as installed until an edit says otherwise.', async () => {
    const { make, call, sandbox } = await bench();
    const made = await make('connections', {
      name: 'ERP',
      type: 'netsuite',
      netsuite: { tokenSecret: 's', suiteAppInstalled: false },
    });
    const path = `/v1/connections/${made._id}/distributed?type=suiteapp`;

    const before = await call('GET', path);
    sandbox.edit('a', 'connections', made._id, (document) => {
      document['netsuite'] = { tokenSecret: 's', suiteAppInstalled: false };
    });

    expect(before.body).toEqual({ success: true });
    expect((await call('GET', path)).body).toEqual({ success: false });
  });

  test('A place to authorise is named under the singular path.', async () => {
    const { make, call } = await bench();
    const made = await make('connections', CONNECTION);

    const reply = await call('GET', `/v1/connection/${made._id}/oauth2`);

    expect(reply.body).toEqual({ authorizationURL: expect.stringContaining(made._id) });
  });
});

describe('secrets of iClients', () => {
  test('A mask written back keeps the secret, leaving it out loses it.', async () => {
    const { make, call, sandbox } = await bench();
    const made = await make('iclients', { name: 'App', oauth2: { clientId: 'c', clientSecret: 'planted' } });
    const stored = () => sandbox.documents('a', 'iclients')[0]?.['oauth2'];

    await call('PUT', `/v1/iclients/${made._id}`, made);
    const kept = stored();
    await call('PUT', `/v1/iclients/${made._id}`, { name: 'App', oauth2: { clientId: 'c' } });

    expect(made['oauth2']).toEqual({ clientId: 'c', clientSecret: '******' });
    expect(kept).toEqual({ clientId: 'c', clientSecret: 'planted' });
    expect(stored()).toEqual({ clientId: 'c' });
  });
});
