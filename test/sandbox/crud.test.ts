import { describe, expect, test } from '@jest/globals';
import { bench, CONNECTION, exportOf, NOBODY } from './support.ts';

describe('documents', () => {
  test('A created document comes back whole with 201, an id and times of the server.', async () => {
    const { call } = await bench();

    const reply = await call('POST', '/v1/scripts', {
      name: 'Tidy',
      content: 'x',
      _id: NOBODY,
      createdAt: 'then',
    });

    expect(reply.status).toBe(201);
    expect(reply.body).toMatchObject({ name: 'Tidy', content: 'x' });
    expect(reply.body._id).toMatch(/^[0-9a-f]{24}$/);
    expect(reply.body._id).not.toBe(NOBODY);
    expect(Date.parse(reply.body.createdAt)).not.toBeNaN();
  });

  test('A replacement erases what it leaves out and keeps what the server owns.', async () => {
    const { call, make } = await bench();
    const connection = await make('connections', CONNECTION);
    const before = await make('exports', exportOf(connection._id, { description: 'all of them' }));

    const reply = await call(
      'PUT',
      `/v1/exports/${before._id}`,
      exportOf(connection._id, { apiIdentifier: 'mine' }),
    );

    expect(reply.status).toBe(200);
    expect(reply.body.description).toBeUndefined();
    expect(reply.body.apiIdentifier).toBe(before['apiIdentifier']);
    expect(reply.body.createdAt).toBe(before['createdAt']);
  });

  test('Every write makes lastModified later, however fast they follow each other.', async () => {
    const { call, make } = await bench();
    const script = await make('scripts', { name: 'Tidy' });

    const times = [script['lastModified']];
    for (let n = 0; n < 5; n += 1) {
      times.push((await call('PUT', `/v1/scripts/${script._id}`, { name: `Tidy ${n}` })).body.lastModified);
    }

    expect(times).toEqual([...new Set(times)].sort());
  });

  test('A deleted document is gone: 204 first, then 404.', async () => {
    const { call, make } = await bench();
    const script = await make('scripts', { name: 'Tidy' });

    const replies = [
      await call('DELETE', `/v1/scripts/${script._id}`),
      await call('GET', `/v1/scripts/${script._id}`),
      await call('DELETE', `/v1/scripts/${script._id}`),
    ];

    expect(replies.map(({ status }) => status)).toEqual([204, 404, 404]);
    expect(replies[1]?.body.errors[0].code).toBe('resource_not_found');
  });

  test('Fields nobody knows are dropped without a word, when sent at first and when sent again.', async () => {
    const { make, call } = await bench();

    for (const collection of ['flows', 'integrations', 'scripts', 'lookupcaches']) {
      const made = await make(collection, { name: 'One', surprise: 1, __private: 2 });
      const { body } = await call('PUT', `/v1/${collection}/${made._id}`, { name: 'One', surprise: 1 });

      for (const document of [made, body]) {
        expect(document).not.toHaveProperty('surprise');
        expect(document).not.toHaveProperty('__private');
      }
    }
  });

  test('Fields of steps, which may be the blocks of any adaptor, are kept but for those with two underscores.', async () => {
    const { make } = await bench();

    const step = await make('exports', { name: 'Inbox', type: 'simple', surprise: {}, __private: 2 });

    expect(step).toHaveProperty('surprise');
    expect(step).not.toHaveProperty('__private');
  });

  test('Fields that are rarely met are kept.', async () => {
    const { make } = await bench();
    const rare = {
      flows: {
        externalId: 'nightly',
        wizardState: 'done',
        skipRetries: false,
        aiDescription: { summary: 'x' },
      },
      integrations: { readme: 'x', installSteps: [], settings: { a: 1 }, iLMIgnore: [] },
      scripts: { description: 'x', postResponseHookToProcessOnChildRecord: true },
    };

    for (const [collection, fields] of Object.entries(rare)) {
      expect(await make(collection, { name: 'One', ...fields })).toMatchObject(fields);
    }
  });

  test('A name is asked for and must not be too long.', async () => {
    const { refusal } = await bench();

    expect(await refusal('POST', '/v1/scripts', {})).toEqual(['422 missing_required_field name']);
    expect(await refusal('POST', '/v1/scripts', { name: 'x'.repeat(101) })).toEqual([
      '422 invalid_value name',
    ]);
    expect(await refusal('POST', '/v1/flows', { name: 'x'.repeat(151) })).toEqual(['422 invalid_value name']);
  });

  test('The sandbox of the old kind can not be written to.', async () => {
    const { refusal } = await bench();

    const refused = await refusal('POST', '/v1/scripts', { name: 'Tidy', sandbox: true });

    expect(refused).toEqual(['422 subscription_not_found sandbox']);
  });
});

describe('bad calls', () => {
  test('A body that is not JSON is a 400, one that is no object a 422.', async () => {
    const { call } = await bench();

    expect((await call('POST', '/v1/scripts', '{"name":')).status).toBe(400);
    expect((await call('POST', '/v1/scripts', '[]')).status).toBe(422);
    expect((await call('POST', '/v1/scripts')).status).toBe(422);
  });

  test('A body of more than 10 MB is refused.', async () => {
    const { call } = await bench();

    const reply = await call('POST', '/v1/scripts', { name: 'Tidy', content: 'x'.repeat(10 * 1024 * 1024) });

    expect(reply.status).toBe(413);
  });

  test('An unknown path or id is a 404 resource_not_found.', async () => {
    const { refusal } = await bench();

    for (const path of [
      '/',
      '/v1/nothing',
      '/v1/flows/',
      '/v1/flows/x',
      `/v1/flows/${NOBODY}`,
      '/v2/flows',
    ]) {
      expect(await refusal('GET', path)).toEqual(['404 resource_not_found']);
    }
    expect(await refusal('PUT', `/v1/flows/${NOBODY}`, { name: 'x' })).toEqual(['404 resource_not_found']);
  });

  test('A key named __proto__ changes nothing but itself.', async () => {
    const { call } = await bench();

    const reply = await call(
      'POST',
      '/v1/scripts',
      '{"name":"Tidy","__proto__":{"polluted":true},"constructor":1}',
    );

    expect(reply.status).toBe(201);
    expect(reply.body.polluted).toBeUndefined();
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
