import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { everythingStored } from '../local/stored.ts';
import {
  CALLBACK_SECRET,
  type Doors,
  FLOW_ID,
  HOOK_SECRET,
  KEY,
  SIGNUP,
  signed,
  startDoors,
} from './doors.ts';

const ACME = { authorization: 'Bearer sandbox-acme-token', 'content-type': 'application/json' };

describe('unattended, from the event to the callback', () => {
  let folder: string;
  let doors: Doors;
  let receiver: Server;
  let told: { headers: Record<string, string>; body: string }[];
  let url: string;

  beforeAll(async () => {
    told = [];
    receiver = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const headers = request.headers as Record<string, string>;
        told.push({ headers, body: Buffer.concat(chunks).toString() });
        response.end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/told`;
    folder = await mkdtemp(join(tmpdir(), 'flowferry-doors-'));
    const request = { ...SIGNUP.request, connections: 'stub', callbackUrl: { $jmespath: 'data.tell' } };
    doors = await startDoors({
      folder,
      hooks: new Map([['signup', { ...SIGNUP, request }]]),
      functionVariables: { FLOWFERRY_FIRST_LOOK_SECONDS: '1' },
    });
  });
  afterAll(async () => {
    receiver.closeAllConnections();
    receiver.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('a tenant’s clone waits for its connections, goes on by itself, tells its end, and leaves no secret', async () => {
    const event = {
      type: 'tenant.created',
      data: { tenant: 'later', tell: url, note: 'planted-payload' },
    };

    // The event comes first, the account after it.
    const taken = await doors.deliver('signup', event, signed(event, { id: 'planted-not-but-named' }));
    await doors.call('PUT', '/accounts/later', { token: 'sandbox-acme-token', baseUrl: doors.sandboxUrl });
    const waiting = await doors.settled(taken.body.cloneId ?? '');
    const [waited] = (await doors.logged('event')) as { type?: string }[];
    for (const { connectionId } of waiting.body.pendingAuthorizations ?? []) {
      await authorise(doors.sandboxUrl, connectionId);
    }
    const events = (await doors.logged('event', 2)) as { type?: string }[];
    const ended = await doors.settled(taken.body.cloneId ?? '');
    await doors.logged('callback ended');

    expect(taken.status).toBe(202);
    expect(waiting.body).toMatchObject({ status: 'waiting' });
    expect(waiting.body.pendingAuthorizations?.length).toBeGreaterThan(0);
    expect(waited?.type).toBe('Clone Waiting');
    expect(events[1]?.type).toBe('Clone Succeeded');
    expect(ended.body).toMatchObject({ status: 'succeeded', pendingAuthorizations: [] });
    expect(ended.body.idMap?.[FLOW_ID]).toMatch(/^[0-9a-f]{24}$/);

    expect(told).toHaveLength(1);
    const [{ headers, body } = { headers: {}, body: '' }] = told;
    expect(new Webhook(CALLBACK_SECRET).verify(body, headers)).toMatchObject({
      cloneId: taken.body.cloneId,
      status: 'succeeded',
      target: { account: 'later' },
    });

    await doors.close();
    const stored = await everythingStored(folder);
    expect(stored).toContain(taken.body.cloneId);
    for (const planted of ['planted-payload', HOOK_SECRET, KEY, CALLBACK_SECRET.slice(6)]) {
      expect([planted, stored.includes(planted)]).toEqual([planted, false]);
      expect([planted, doors.said().includes(planted)]).toEqual([planted, false]);
      expect([planted, told.some((call) => call.body.includes(planted))]).toEqual([planted, false]);
    }
    expect(doors.said()).not.toContain('sandbox-acme-token');
  }, 20_000);
});

/** What the customer does in integrator.io's user interface. */
async function authorise(sandboxUrl: string, connectionId: string): Promise<void> {
  const address = `${sandboxUrl}/v1/connections/${connectionId}`;
  const connection = (await (await fetch(address, { headers: ACME })).json()) as { http?: object };
  const auth = { type: 'token', token: { token: 'what-the-customer-typed', location: 'header' } };
  const body = JSON.stringify({ ...connection, http: { ...connection.http, auth } });
  const answer = await fetch(address, { method: 'PUT', headers: ACME, body });
  expect(answer.status).toBe(200);
}
