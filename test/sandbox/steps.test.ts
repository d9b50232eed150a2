import { describe, expect, test } from '@jest/globals';
import { bench, CONNECTION, exportOf, importOf } from './support.ts';

describe('exports and imports', () => {
  test('They need a connection, but for those that speak to none.', async () => {
    const { refusal } = await bench();
    const without = (adaptorType: string, more: object = {}) => ({ name: 'x', adaptorType, ...more });

    expect(await refusal('POST', '/v1/exports', without('HTTPExport'))).toEqual([
      '422 missing_required_field _connectionId',
    ]);
    expect(await refusal('POST', '/v1/imports', without('HTTPImport'))).toEqual([
      '422 missing_required_field _connectionId',
    ]);
    for (const adaptor of ['WebhookExport', 'SimpleExport', 'TopicExport']) {
      expect(await refusal('POST', '/v1/exports', without(adaptor))).toEqual([]);
    }
    for (const adaptor of ['ToolImport', 'AiAgentImport', 'GuardrailImport', 'TopicImport']) {
      expect(await refusal('POST', '/v1/imports', without(adaptor))).toEqual([]);
    }
  });

  test('A topic import takes no connection.', async () => {
    const { make, refusal } = await bench();
    const connection = await make('connections', CONNECTION);

    const refused = await refusal(
      'POST',
      '/v1/imports',
      importOf(connection._id, { adaptorType: 'TopicImport' }),
    );

    expect(refused).toEqual(['422 not_supported _connectionId']);
  });

  test('The API identifier is made by the server and differs between copies.', async () => {
    const { make } = await bench();
    const connection = await make('connections', CONNECTION);
    const fields = exportOf(connection._id, { apiIdentifier: 'e000000001', asynchronous: false });

    const [one, two] = [await make('exports', fields), await make('exports', fields)];

    expect(one['apiIdentifier']).toMatch(/^e[0-9a-f]{9}$/);
    expect(one['apiIdentifier']).not.toBe(two['apiIdentifier']);
    expect(one['asynchronous']).toBe(true);
  });

  test('The stack of a wrapper is silently dropped from a step.', async () => {
    const { make } = await bench();
    const connection = await make('connections', CONNECTION);
    const stack = await make('stacks', { name: 'Stack' });

    const made = await make(
      'exports',
      exportOf(connection._id, { wrapper: { function: 'f', _stackId: stack._id } }),
    );

    expect(made['wrapper']).toEqual({ function: 'f' });
  });

  test('A listener after the parser must be a webhook of an integrator extension.', async () => {
    const { make, refusal } = await bench();
    const connection = await make('connections', CONNECTION);
    const plain = await make('exports', exportOf(connection._id));
    const listener = await make('exports', {
      name: 'Listen',
      type: 'webhook',
      adaptorType: 'WebhookExport',
      webhook: { provider: 'integrator-extension' },
    });
    const fields = (id: string) => exportOf(connection._id, { _postParseListenerId: id });

    expect(await refusal('POST', '/v1/exports', fields(plain._id))).toEqual([
      '422 invalid_post_parse_listener _postParseListenerId',
    ]);
    expect(await refusal('POST', '/v1/exports', fields(listener._id))).toEqual([]);
  });

  test('An EDI profile is for file exports only.', async () => {
    const { make, refusal } = await bench();
    const connection = await make('connections', CONNECTION);
    const profile = await make('ediprofiles', { name: 'Partner' });
    const fields = (more: object) => exportOf(connection._id, { _ediProfileId: profile._id, ...more });

    expect(await refusal('POST', '/v1/exports', fields({}))).toEqual(['422 not_supported _ediProfileId']);
    expect(await refusal('POST', '/v1/exports', fields({ file: { type: 'filedefinition' } }))).toEqual([]);
    expect(await refusal('POST', '/v1/exports', fields({ adaptorType: 'FTPExport' }))).toEqual([]);
  });
});

describe('webhooks', () => {
  const webhook = (more: object) => ({
    name: 'Listen',
    type: 'webhook',
    adaptorType: 'WebhookExport',
    webhook: { provider: 'custom', ...more },
  });

  test('A webhook whose URL carries a token gets one, and keeps it over a replacement.', async () => {
    const { make, call } = await bench();
    const one = await make('exports', webhook({ verify: 'secret_url' }));
    const two = await make('exports', webhook({}));
    const signed = await make('exports', webhook({ verify: 'hmac', key: 'planted-key' }));

    const reply = await call('PUT', `/v1/exports/${one._id}`, webhook({ verify: 'secret_url' }));

    expect(one['webhook']).toMatchObject({ token: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(two['webhook']).not.toMatchObject({ token: (one['webhook'] as { token: string }).token });
    expect(signed['webhook']).not.toHaveProperty('token');
    expect(reply.body.webhook.token).toBe((one['webhook'] as { token: string }).token);
  });

  test('What verifies a sender is masked, and a mask written back keeps it.', async () => {
    const { make, call, sandbox } = await bench();
    const made = await make('exports', webhook({ verify: 'hmac', key: 'planted-key' }));

    const reply = await call('PUT', `/v1/exports/${made._id}`, made);

    expect(made['webhook']).toMatchObject({ key: '******' });
    expect(reply.text).not.toContain('planted-key');
    expect(sandbox.documents('a', 'exports')[0]?.['webhook']).toMatchObject({ key: 'planted-key' });
  });
});
