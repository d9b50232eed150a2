import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import {
  callbackTarget,
  callbackUrlProblem,
  createCallbackSender,
  isLoopbackAddress,
  isPublicAddress,
} from '../../../adapters/callbacks/index.ts';

const SECRET = `whsec_${Buffer.from('a secret for callbacks').toString('base64')}`;

describe('an address', () => {
  test.each(['1.1.1.1', '93.184.216.34', '172.15.0.1', '172.32.0.1', '2606:4700::1111', '2a00::1'])(
    '%s is public',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  test.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '203.0.113.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:7f00:1',
    '::ffff:8.8.8.8',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%eth0',
    'ff02::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    'fd00:ec2::254',
    'example.com',
    '',
  ])('%s is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  test('of this machine is known', () => {
    expect(['127.0.0.1', '127.9.9.9', '::1'].map(isLoopbackAddress)).toEqual([true, true, true]);
    expect(['10.0.0.1', '::', 'localhost', ''].map(isLoopbackAddress)).toEqual([false, false, false, false]);
  });
});

describe('a callback’s URL', () => {
  test.each([
    ['https://example.com/hook', undefined],
    ['https://1.1.1.1/', undefined],
    ['http://example.com/', 'https'],
    ['ftp://example.com/', 'https'],
    ['https://user:pass@example.com/', 'credentials'],
    ['https://localhost/', 'public internet'],
    ['https://127.0.0.1/', 'public internet'],
    ['https://2130706433/', 'public internet'],
    ['https://0x7f.1/', 'public internet'],
    ['https://[::1]/', 'public internet'],
    ['https://[::ffff:10.0.0.1]/', 'public internet'],
    ['https://169.254.169.254/latest/meta-data', 'public internet'],
    ['http://127.0.0.1/', 'https'],
    ['not a url', 'absolute URL'],
  ])('%s is judged by itself', (url, problem) => {
    const found = callbackUrlProblem(url, { allowLoopbackHttp: false });

    if (problem === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(problem);
  });

  test.each(['http://127.0.0.1:1/', 'http://localhost/', 'http://[::1]/'])(
    '%s is allowed in local runs',
    (url) => {
      expect(callbackUrlProblem(url, { allowLoopbackHttp: true })).toBeUndefined();
    },
  );

  test.each([[['10.0.0.1']], [['1.1.1.1', '10.0.0.1']], [['::ffff:169.254.169.254']], [['1.1.1.1', '::1']]])(
    'whose name stands for %j is forbidden',
    async (addresses) => {
      const resolve = async () => addresses.map((address) => ({ address, family: 4 }));

      await expect(
        callbackTarget('https://innocent.example/', { allowLoopbackHttp: false, resolve }),
      ).rejects.toMatchObject({ code: 'callback_forbidden' });
    },
  );

  test('whose name stands for public addresses alone is pinned to the first', async () => {
    const resolve = async () => [
      { address: '2606:4700::1111', family: 6 },
      { address: '1.1.1.1', family: 4 },
    ];

    const target = await callbackTarget('https://x.example/', { allowLoopbackHttp: false, resolve });

    expect(target).toMatchObject({ address: '2606:4700::1111', family: 6 });
  });

  test('whose name can’t be resolved may work later', async () => {
    const resolve = () => Promise.reject(new Error('ENOTFOUND'));

    await expect(
      callbackTarget('https://x.example/', { allowLoopbackHttp: false, resolve }),
    ).rejects.toMatchObject({ code: 'callback_unreachable' });
  });
});

describe('a callback', () => {
  let server: Server;
  let url: string;
  let seen: { headers: IncomingHttpHeaders; body: string }[];
  let answer: { status: number; location?: string };
  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        seen.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
        if (answer.status === 0) return;
        response.writeHead(answer.status, answer.location ? { location: answer.location } : {});
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://localhost:${(server.address() as AddressInfo).port}/told?x=1`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    seen = [];
    answer = { status: 204 };
  });

  const callback = () => ({ url, id: 'msg-1', sentAt: Date.now(), body: '{"ä":1}', secret: SECRET });
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
  const sender = createCallbackSender({ allowLoopbackHttp: true, resolve, timeoutMs: 300 });

  test('arrives as Standard Webhooks has it, so that its library verifies it', async () => {
    await sender.send(callback());

    const [{ headers, body } = { headers: {}, body: '' }] = seen;
    expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toEqual({ ä: 1 });
    expect(headers).toMatchObject({ 'webhook-id': 'msg-1', 'content-type': 'application/json' });
  });

  test('goes to the address that was looked at, with the name asked for once only', async () => {
    let asked = 0;
    const turncoat = async () => {
      asked += 1;
      return [{ address: asked === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }];
    };

    await createCallbackSender({ allowLoopbackHttp: true, resolve: turncoat }).send(callback());

    expect([asked, seen.length]).toEqual([1, 1]);
  });

  test.each([
    [302, 'callback_unreachable'],
    [404, 'callback_unreachable'],
    [410, 'callback_refused'],
    [500, 'callback_unreachable'],
    [0, 'callback_unreachable'],
  ])('that is answered %d fails with %s, and no redirect is followed', async (status, code) => {
    answer = { status, location: url };

    await expect(sender.send(callback())).rejects.toMatchObject({ code });
    expect(seen).toHaveLength(1);
  });

  test('to nobody fails', async () => {
    const nobody = { ...callback(), url: 'http://localhost:1/' };

    await expect(sender.send(nobody)).rejects.toMatchObject({ code: 'callback_unreachable' });
  });
});
