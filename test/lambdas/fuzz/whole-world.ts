import { Agent, request as httpRequest, validateHeaderValue } from 'node:http';
import { accountInput } from '../../../lambdas/accounts/input.ts';
import { startDoors } from '../doors.ts';
import { HOOK_SECRET, HOOKS } from './hooks.ts';
import type { FuzzAnswer, FuzzRequest, World } from './world.ts';

/** API Gateway takes 10,240 bytes of headers in all; what is more never reaches us. */
const MOST_OF_A_HEADER = 2_000;

/** The service as it is deployed, from the gateway to the table, over real HTTP and the stand-ins of AWS. */
export async function startWholeWorld(): Promise<World> {
  const doors = await startDoors({
    hooks: new Map(Object.entries(HOOKS)),
    sandbox: { port: 0, bucket: 'unlimited', jobMs: 1 },
    syncWaitMs: 1_000,
    // Every request must come as far as it can.
    throttleFactor: 0,
    // Nobody is called back: their addresses may lie anywhere.
    functionVariables: { FLOWFERRY_CALLBACKS: 'false', FLOWFERRY_SECRET_TTL_SECONDS: '0' },
  });
  const agent = new Agent({ keepAlive: true });
  const tokens = ['sandbox-blueprint-token', 'sandbox-acme-token'];
  const [blueprint = '', acme = ''] = tokens;
  const origin = doors.sandboxUrl;
  const put = (name: string, token: string) =>
    doors.call('PUT', `/accounts/${name}`, { token, baseUrl: origin });
  const restore = async (): Promise<void> => {
    await Promise.all([put('blueprint', blueprint), put('acme', acme), put('second', acme)]);
  };
  await restore();
  const flows = await doors.call('GET', '/accounts/blueprint/flows');
  const flowIds = (flows.body as unknown as { flows?: { id: string }[] }).flows?.map(({ id }) => id) ?? [];
  return {
    known: {
      accounts: ['blueprint', 'acme', 'second', 'nobody'],
      ids: flowIds,
      tokens,
      origin,
      rateShares: [1, 0.95, 0.3],
    },
    flowIds,
    secrets: [...tokens, HOOK_SECRET],
    restore,
    // Where an account would be tried out elsewhere, the call goes without its body.
    send: (request) =>
      send(doors.url, agent, leadsAway(request, origin) ? { ...request, body: Buffer.alloc(0) } : request),
    troubles: () => [],
    logged: () => doors.said(),
    async close() {
      agent.destroy();
      await doors.close();
    },
  };
}

function leadsAway({ body }: FuzzRequest, origin: string): boolean {
  try {
    const { success, data } = accountInput.safeParse(JSON.parse(body.toString('utf8')));
    return success && data.baseUrl !== origin;
  } catch {
    return false;
  }
}

function send(url: string, agent: Agent, { method, path, headers, body }: FuzzRequest): Promise<FuzzAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { hostname, port, agent, method: method === 'brew' ? 'LOCK' : method, path },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: Object.fromEntries(
              Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
            ),
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      // The server had closed a kept connection before it saw the request: it goes again on another.
      if (outgoing.reusedSocket && error.code === 'ECONNRESET') {
        resolve(send(url, agent, { method, path, headers, body }));
      } else reject(error);
    });
    for (const [name, values] of Object.entries(headers)) {
      const sendable = values
        .map((value) => value.slice(0, MOST_OF_A_HEADER))
        .filter((value) => isSendable(name, value));
      if (sendable.length > 0) outgoing.setHeader(name, sendable);
    }
    // Node leaves it out for methods that seldom have a body.
    if (body.length > 0) outgoing.setHeader('content-length', body.length);
    outgoing.end(body);
  });
}

function isSendable(name: string, value: string): boolean {
  try {
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
