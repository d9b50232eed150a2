import { sha256 } from '../../core/model/canonical.ts';
import { codeOf } from '../../core/model/problem.ts';
import type { CloneRequest } from '../../core/model/request.ts';
import type { CloneRecord } from '../../core/ports.ts';
import { RETENTION_DAYS } from '../retention.ts';
import type { WebhooksPorts } from './ports.ts';

type Ports = Pick<WebhooksPorts, 'records' | 'clones' | 'worker' | 'engine' | 'clock'>;

/** One event of a sender, whatever comes of it and how often it is sent. */
export interface HookDelivery {
  hook: string;
  deliveryId: string;
  /** Made from both: whoever handles the event, also after a crash, comes to the same clone. */
  cloneId: string;
}

const DELIVERIES = 'deliveries';
const CONTENTS = 'delivery-contents';

const KEPT_SECONDS = RETENTION_DAYS.deliveries * 86_400;

/** A worker that has not said anything this long (ms) after its clone was stored may never have been started. */
const START_GRACE_MS = 2_000;

/**
 * The delivery that this is. Where its id is not signed, a content that came before makes it the delivery it was
 * then: a replay under another name is still a replay.
 */
export async function deliveryOf(
  { records }: Ports,
  {
    hook,
    deliveryId,
    contentDigest,
  }: { hook: string; deliveryId: string; contentDigest: string | undefined },
): Promise<HookDelivery> {
  if (contentDigest === undefined) return named(hook, deliveryId);
  const id = `${hook}.${contentDigest}`;
  const options = { ifVersion: 'absent', ttlSeconds: KEPT_SECONDS };
  if ((await records.put(CONTENTS, id, deliveryId, options)) !== undefined) return named(hook, deliveryId);
  const before = await records.get<string>(CONTENTS, id);
  return named(hook, before?.value ?? deliveryId);
}

function named(hook: string, deliveryId: string): HookDelivery {
  return { hook, deliveryId, cloneId: `hook-${sha256(`${hook}\n${deliveryId}`).slice(0, 40)}` };
}

/**
 * Brings the delivery's clone into being and starts its worker. Of any number of equal deliveries one is `accepted`;
 * the others find what it did, and do what it did not come to.
 */
export async function admit(
  ports: Ports,
  delivery: HookDelivery,
  { request, requestId }: { request: CloneRequest; requestId: string },
): Promise<'accepted' | 'duplicate'> {
  const { hook, deliveryId, cloneId } = delivery;
  const id = `${hook}.${sha256(deliveryId)}`;
  const options = { ifVersion: 'absent', ttlSeconds: KEPT_SECONDS };
  const isFirst = (await ports.records.put(DELIVERIES, id, cloneId, options)) !== undefined;
  const existing = isFirst ? undefined : await ports.clones.get(cloneId);
  if (existing === undefined) await create(ports, delivery, { request, requestId });
  else await startAgain(ports, existing);
  return isFirst ? 'accepted' : 'duplicate';
}

async function create(
  ports: Ports,
  { hook, deliveryId, cloneId }: HookDelivery,
  { request, requestId }: { request: CloneRequest; requestId: string },
) {
  const createdAt = new Date(ports.clock.now()).toISOString();
  const record: CloneRecord = {
    ...ports.engine.newCloneRecord({ cloneId, keyId: `hook:${hook}`, request, createdAt }),
    origin: { kind: 'webhook', name: hook, runId: deliveryId },
    notes: { requestId },
  };
  try {
    await ports.clones.create(record);
  } catch (error) {
    // Another delivery of the same event was quicker, and starts its worker.
    if (codeOf(error) === 'clone_exists') return;
    throw error;
  }
  await ports.worker.start(cloneId, record.attempt);
}

/** The start may have been lost with the process that owed it; starting the same attempt twice starts it once. */
async function startAgain(ports: Ports, record: CloneRecord): Promise<void> {
  const isSilent = record.status === 'running' && record.heartbeatAt === undefined;
  if (isSilent && ports.clock.now() - Date.parse(record.createdAt) > START_GRACE_MS) {
    await ports.worker.start(record.cloneId, record.attempt);
  }
}
