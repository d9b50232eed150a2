import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import type { JsonObject } from '../../../core/model/resource.ts';
import { judge, routeKeyFor } from './judge.ts';
import { ADMIN_KEY, LIMITED_KEY } from './keys.ts';
import { Random } from './random.ts';
import { type Pool, Requests } from './requests.ts';
import { Values } from './values.ts';
import type { FuzzAnswer, FuzzRequest, World } from './world.ts';

/** What a run found. */
export interface Findings {
  calls: number;
  /** Calls by route, and by the status they were answered with. */
  counts: Map<string, Map<number, number>>;
  /** Everything that was wrong, each with the request that brought it out. */
  complaints: string[];
  /** The longest that anyone waited, ms. */
  slowest: number;
}

/** Longer than any answer may take, ms: what takes longer hangs. */
const HANGS_AFTER = 28_000;
/** Calls under way at once. */
const AT_ONCE = 8;
/** Complaints that are kept: the first ones tell enough. */
const MOST_COMPLAINTS = 50;

/** Sends requests made by a seed, as many as told, and looks at every answer. */
export async function fuzz(world: World, options: { runs: number; seed: number }): Promise<Findings> {
  const { runs, seed } = options;
  const document = await documentOf(world);
  const pool: Pool = { cloneId: [], runId: [], cursor: [] };
  const requests = new Requests(
    new Values(document, world.known),
    pool,
    { admin: ADMIN_KEY, limited: LIMITED_KEY },
    world.flowIds,
  );
  const counts = new Map<string, Map<number, number>>();
  const complaints: string[] = [];
  const secrets = [ADMIN_KEY, LIMITED_KEY, ...world.secrets];
  let slowest = 0;
  let next = 0;

  const complain = (text: string): void => {
    if (complaints.length < MOST_COMPLAINTS) complaints.push(text);
  };
  const one = async (index: number): Promise<void> => {
    const request = requests.make(new Random(Math.imul(seed, 0x9e3779b1) + index));
    const began = performance.now();
    const answer = await orHang(world.send(request));
    slowest = Math.max(slowest, performance.now() - began);
    if (answer === undefined) return complain(`[${index}] no answer: ${shown(request)}`);
    if (answer instanceof Error) return complain(`[${index}] ${answer.stack}: ${shown(request)}`);
    const route = routeKeyFor(request);
    const byStatus = counts.get(route) ?? new Map<number, number>();
    counts.set(route, byStatus.set(answer.status, (byStatus.get(answer.status) ?? 0) + 1));
    const wrong = judge(request, answer, secrets);
    if (wrong.length > 0) {
      complain(
        `[${index}] ${wrong.join('; ')}: ${shown(request)} -> ${answer.status} ${answer.body.slice(0, 600)}`,
      );
    }
    remember(pool, answer);
  };
  const lane = async (): Promise<void> => {
    while (next < runs) {
      const index = next++;
      if (index % 50 === 0) await world.restore();
      // Without sockets a call may end in one turn of the event loop; the others need theirs.
      await turn();
      await one(index);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  for (const trouble of world.troubles()) complain(trouble);
  const logged = world.logged();
  if (secrets.some((secret) => logged.includes(secret))) complain('a secret in the log');
  return { calls: runs, counts, complaints, slowest };
}

async function documentOf(world: World): Promise<JsonObject> {
  const request = { method: 'GET', path: '/openapi.json', headers: {}, body: Buffer.alloc(0) };
  return JSON.parse((await world.send(request)).body) as JsonObject;
}

/** `undefined` where there was no answer in time; the error where there was none at all. */
async function orHang(answering: Promise<FuzzAnswer>): Promise<FuzzAnswer | Error | undefined> {
  const late = new AbortController();
  try {
    return await Promise.race([
      answering,
      sleep(HANGS_AFTER, undefined, { signal: late.signal, ref: false }),
    ]);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    late.abort();
  }
}

/** Ids and cursors for later requests; the latest few, which are most likely still there. */
function remember(pool: Pool, { status, body }: FuzzAnswer): void {
  if (status >= 400 || body.length > 100_000 || body === '') return;
  const { cloneId, runId, next } = JSON.parse(body) as Record<string, unknown>;
  const keep = (list: string[], value: unknown): void => {
    if (typeof value !== 'string' || value.startsWith('/')) return;
    list.push(value);
    if (list.length > 30) list.shift();
  };
  keep(pool.cloneId, cloneId);
  keep(pool.runId, runId);
  keep(pool.cursor, next);
}

function shown({ method, path, headers, body }: FuzzRequest): string {
  const text = body.toString('latin1');
  return `${method} ${path.slice(0, 200)} ${JSON.stringify(headers).slice(0, 300)} ${text.slice(0, 500)} (${text.length})`;
}
