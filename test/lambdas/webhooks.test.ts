import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { LocalSettings } from '../../local/settings.ts';
import { type Doors, HOOK_SECRET, KEY, SIGNUP, signed, startDoors } from './doors.ts';

const WHSEC = `whsec_${Buffer.from('planted-standard-secret').toString('base64')}`;

const hooks: LocalSettings['hooks'] = new Map<string, unknown>([
  ['signup', SIGNUP],
  ['standard', { ...SIGNUP, signature: { scheme: 'standard-webhooks', secret: WHSEC } }],
  ['stripe', { ...SIGNUP, signature: { scheme: 'stripe', secret: HOOK_SECRET } }],
  ['github', { ...SIGNUP, signature: { scheme: 'github', secret: HOOK_SECRET } }],
  ['open', { ...SIGNUP, when: undefined, targets: ['*'], request: { $jmespath: '@' } }],
  [
    'chosen',
    {
      ...SIGNUP,
      when: undefined,
      request: {
        source: { account: 'blueprint', flowIds: [{ $jmespath: 'a' }, { $jmespath: 'b' }] },
        target: { account: 'acme' },
      },
    },
  ],
  ['dry', { ...SIGNUP, request: { ...SIGNUP.request, dryRun: true } }],
]);

const EVENT = { type: 'tenant.created', data: { tenant: 'acme', note: 'planted-payload' } };

describe('a delivery', () => {
  let doors: Doors;
  let count = 0;
  beforeAll(async () => {
    doors = await startDoors({ hooks });
  });
  afterAll(() => doors.close());

  /** The event as it never was before. */
  const fresh = () => {
    count += 1;
    return { ...EVENT, number: count };
  };
  const id = () => `delivery-${count}`;

  test('becomes a clone that runs to its end', async () => {
    const event = fresh();

    const answer = await doors.deliver('signup', event, signed(event, { id: id() }));
    const clone = await doors.settled(answer.body.cloneId ?? '');

    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      status: 'accepted',
      deliveryId: id(),
      cloneId: expect.stringMatching(/^hook-[0-9a-f]{40}$/),
    });
    expect(clone.body).toMatchObject({ status: 'succeeded', target: { account: 'acme' } });
  });

  test.each([
    ['that the sender named', 'event-4711'],
    ['that its answer names', undefined],
  ])('carries the request id %s to every line of its clone, the worker’s included', async (_case, sent) => {
    // Prepare
    const event = fresh();
    const named: Record<string, string> = sent === undefined ? {} : { 'x-request-id': sent };

    // Act
    const answer = await doors.deliver('signup', event, { ...signed(event, { id: id() }), ...named });
    const { cloneId = '' } = answer.body;
    await doors.settled(cloneId);
    const stages = await doors.logged('clone stage');
    const ends = await doors.logged('clone ended', count);

    // Assess
    const requestId = answer.headers.get('x-request-id');
    if (sent !== undefined) expect(requestId).toBe(sent);
    const own = [...stages, ...ends].filter((line) => line['cloneId'] === cloneId);
    expect(own.map(({ message }) => message)).toContain('clone ended');
    expect(own.map(({ message }) => message)).toContain('clone stage');
    for (const line of own) expect(line['requestId']).toBe(requestId);
  });

  test('that comes five times at once is one clone, and stays it', async () => {
    const event = fresh();
    const headers = signed(event, { id: id() });

    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => doors.deliver('signup', event, headers)));
    const again = await doors.deliver('signup', event, signed(event, { id: id(), offset: 1 }));
    const clones = await doors.call('GET', '/clones?target=acme');

    const statuses = answers.map(({ body }) => body.status as string).sort();
    expect(statuses).toEqual(['accepted', 'duplicate', 'duplicate', 'duplicate', 'duplicate']);
    expect(new Set([...answers, again].map(({ body }) => body.cloneId)).size).toBe(1);
    expect(again.body.status).toBe('duplicate');
    const { cloneId } = again.body;
    expect(clones.body.clones?.filter((clone) => clone.cloneId === cloneId)).toHaveLength(1);
    await doors.settled(cloneId ?? '');
  });

  test('that is replayed under another name is still the same', async () => {
    const event = fresh();
    const headers = signed(event, { id: id() });

    const first = await doors.deliver('signup', event, headers);
    const replay = await doors.deliver('signup', event, { ...headers, 'x-delivery-id': 'forged' });

    expect(replay.body).toEqual({ ...first.body, status: 'duplicate' });
    await doors.settled(first.body.cloneId ?? '');
  });

  test.each([
    ['standard', 'msg-1'],
    ['stripe', 'evt_1'],
    ['github', 'guid-1'],
  ])('signed by the scheme of %s is taken, and its name known', async (hook, name) => {
    const text = JSON.stringify({ ...fresh(), id: name });
    const seconds = Math.floor(Date.now() / 1000);
    const mac = (over: string) => createHmac('sha256', HOOK_SECRET).update(over).digest('hex');
    const headers: Record<string, Record<string, string>> = {
      standard: {
        'webhook-id': name,
        'webhook-timestamp': String(seconds),
        'webhook-signature': new Webhook(WHSEC).sign(name, new Date(seconds * 1000), text),
      },
      stripe: { 'stripe-signature': `t=${seconds},v1=${mac(`${seconds}.${text}`)}` },
      github: { 'x-hub-signature-256': `sha256=${mac(text)}`, 'x-github-delivery': name },
    };

    const answer = await doors.deliver(hook, text, headers[hook] ?? {});

    expect(answer.body).toMatchObject({ status: 'accepted', deliveryId: name });
    await doors.settled(answer.body.cloneId ?? '');
  });

  test.each([
    ['late', signed(EVENT, { offset: -301 })],
    ['early', signed(EVENT, { offset: 3_600 })],
    ['tampered', signed({ ...EVENT, type: 'other' })],
    ['signed with another secret', signed(EVENT, { secret: 'other' })],
    ['not signed', {}],
    ['without its time', { 'x-signature': signed(EVENT)['x-signature'] ?? '' }],
  ])('that is %s is refused, and not told why', async (_case, headers) => {
    const answer = await doors.deliver('signup', EVENT, headers);

    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({
      code: 'invalid_signature',
      detail: 'The signature is missing, wrong or out of date.',
    });
  });

  test('to another hook than it was signed for is refused', async () => {
    const answer = await doors.deliver('github', EVENT, signed(EVENT));

    expect(answer.status).toBe(401);
  });

  test.each(['nobody', 'No Name', '..%2Faccounts', 'constructor'])(
    'to the hook "%s" finds none',
    async (hook) => {
      const answer = await doors.deliver(encodeURIComponent(hook), EVENT, signed(EVENT));

      expect([answer.status, answer.body.code]).toEqual([404, 'hook_not_found']);
    },
  );

  test('that the hook does not want is ignored, and starts nothing', async () => {
    const event = { ...fresh(), type: 'tenant.deleted' };

    const answer = await doors.deliver('signup', event, signed(event, { id: id() }));

    expect([answer.status, answer.body]).toEqual([202, { status: 'ignored', deliveryId: id() }]);
  });

  test('into an account that is not the hook’s is refused', async () => {
    const event = { ...fresh(), data: { tenant: 'blueprint' } };

    const answer = await doors.deliver('signup', event, signed(event, { id: id() }));

    expect([answer.status, answer.body.code]).toEqual([403, 'account_forbidden']);
  });

  test.each([
    ['signup', { type: 'tenant.created', data: {} }, ['/target/account']],
    ['signup', { type: 'tenant.created', data: { tenant: 'NO NAME' } }, ['/target/account']],
    ['signup', { type: 'tenant.created', data: { tenant: { $jmespath: '@' } } }, ['/target/account']],
    ['dry', EVENT, ['/dryRun']],
  ])('to %s that maps to no request (%#) is told every wrong field', async (hook, event, paths) => {
    const answer = await doors.deliver(hook, event, signed(event, { id: `odd-${paths}` }));

    expect(answer.status).toBe(422);
    expect(answer.body.code).toBe('invalid_request');
    expect(answer.body.errors.flatMap(({ path }) => path ?? [])).toEqual(expect.arrayContaining(paths));
  });

  test('that gives some entries of a list, and wrong ones, is told of each at its own place', async () => {
    const event = { b: 'zz' };
    const { status, body } = await doors.deliver('chosen', event, signed(event, { id: 'entries' }));

    expect(status).toBe(422);
    expect(body.errors.map(({ path, message }) => `${path} ${message}`).sort()).toEqual([
      '/source/flowIds/0 is not in the payload',
      expect.stringMatching(/^\/source\/flowIds\/1 must be/),
    ]);
  });

  test.each(['{', '[]', '"text"', '', '\u0000'])('whose body is %j is refused', async (text) => {
    const answer = await doors.deliver('signup', text, signed(text, { id: `body-${text.length}` }));

    expect([400, 422]).toContain(answer.status);
  });

  test('that is too large is refused before its signature is looked at', async () => {
    const event = { ...EVENT, padding: 'x'.repeat(300_000) };

    const answer = await doors.deliver('signup', event, signed(event));

    expect([answer.status, answer.body.code]).toEqual([413, 'body_too_large']);
  });

  test('that arrives slowly holds up no other', async () => {
    const { hostname, port } = new URL(doors.url);
    const socket = connect(Number(port), hostname);
    socket.write('POST /webhooks/signup HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{');

    const answer = await doors.call('GET', '/health');
    socket.destroy();

    expect(answer.status).toBe(200);
  });

  test('leaves nothing of its payload and of any secret in logs and answers', () => {
    const said = doors.said();

    for (const planted of ['planted-payload', HOOK_SECRET, WHSEC, KEY, 'sandbox-acme-token']) {
      expect([planted, said.includes(planted)]).toEqual([planted, false]);
    }
    expect(said).toContain('hook-');
  });
});

describe('a hook that calls more often than it may', () => {
  test('is told to wait, and those who can’t sign can’t use up its rate', async () => {
    const variables = { FLOWFERRY_HOOK_RATE: '1', FLOWFERRY_HOOK_BURST: '2' };
    const doors = await startDoors({ hooks, functionVariables: variables });
    const event = { type: 'other' };
    try {
      for (let tries = 0; tries < 5; tries += 1) await doors.deliver('signup', event, {});
      const answers = await Promise.all([1, 2, 3].map(() => doors.deliver('signup', event, signed(event))));

      const refused = answers.filter(({ status }) => status === 429);
      expect(answers.map(({ status }) => status).sort()).toEqual([202, 202, 429]);
      expect(refused[0]?.headers.get('retry-after')).toBe('1');
    } finally {
      await doors.close();
    }
  });
});
