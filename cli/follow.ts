import { FlowferryError } from '../core/model/problem.ts';
import { type Answer, bodyOf, type Service, type ServiceCall } from './hosts/service.ts';
import type { Io } from './io.ts';
import type { ProgressView } from './output/progress.ts';
import type { CloneState } from './output/state.ts';

/** How long a clone may take before one wants to see how far it is, and the pause between two looks, ms. */
const FIRST_LOOK_MS = 700;
const PAUSE_MS = 500;

const GO_ON = 'flowferry status shows what there is, flowferry resume goes on.';

/** The user does not want to wait. */
export class LeftError extends FlowferryError {
  override readonly name = 'LeftError';

  constructor(message: string) {
    super('left', message);
  }
}

/** What seeing a clone through needs. */
export interface Following {
  service: Service;
  io: Io;
  progress: ProgressView;
}

export const clonePath = (cloneId: string): string => `/clones/${encodeURIComponent(cloneId)}`;

/**
 * Orders a clone and sees it through. While the order is not answered, the same order under its idempotency key
 * tells which clone it became: so its progress can be shown, and it can be cancelled.
 *
 * @param key the order's `Idempotency-Key`
 * @throws {LeftError} when the user does not want to wait for the cancelling either
 */
export async function placeClone(
  following: Following,
  { request, key }: { request: object; key: string },
): Promise<Answer> {
  const { service, progress } = following;
  const order: ServiceCall = {
    method: 'POST',
    path: '/clone',
    body: request,
    headers: { 'idempotency-key': key },
  };
  let known: Promise<string> | undefined;
  const cloneId = (): Promise<string> => {
    known ??= service
      .call({ ...order, headers: { ...order.headers, prefer: 'respond-async' } })
      .then((answer) => bodyOf<CloneState>(answer).cloneId ?? '');
    return known;
  };
  return withInterrupt(
    following,
    async () => cancel(service, await cloneId()),
    async () => {
      const watched = new AbortController();
      const watching = watch(following, cloneId, watched.signal);
      try {
        const answer = await service.call(order);
        if (answer.status !== 202) return answer;
        const state = bodyOf<CloneState>(answer);
        known = Promise.resolve(state.cloneId ?? '');
        return isUnderWay(state) ? await settled(following, state.cloneId ?? '') : answer;
      } finally {
        watched.abort();
        await watching;
        progress.end();
      }
    },
  );
}

/** Sees a clone through that exists already; Ctrl-C cancels it unless it is being undone. */
export async function followClone(
  following: Following,
  cloneId: string,
  { undoing = false } = {},
): Promise<Answer> {
  const onFirst = undoing
    ? async () => following.progress.say('It goes on undoing; Ctrl-C again leaves it.')
    : () => cancel(following.service, cloneId);
  return withInterrupt(following, onFirst, () => settled(following, cloneId));
}

/**
 * Watches a clone that may be somebody else's: an interrupt ends the watching, and nothing else.
 *
 * @throws {LeftError}
 */
export async function watchClone(following: Following, cloneId: string): Promise<Answer> {
  const { io, progress } = following;
  const leave = Promise.withResolvers<never>();
  const release = io.onInterrupt(() => leave.reject(new LeftError('the clone goes on, unwatched.')));
  try {
    return await Promise.race([settled(following, cloneId), leave.promise]);
  } finally {
    release();
    progress.end();
  }
}

async function cancel(service: Service, cloneId: string): Promise<void> {
  bodyOf(await service.call({ method: 'POST', path: `${clonePath(cloneId)}/cancel` }));
}

function isUnderWay({ status }: CloneState): boolean {
  return status === 'running' || status === 'planned';
}

async function settled({ service, io, progress }: Following, cloneId: string): Promise<Answer> {
  try {
    for (;;) {
      const answer = await service.call({ method: 'GET', path: clonePath(cloneId) });
      const state = bodyOf<CloneState>(answer);
      if (!isUnderWay(state)) return answer;
      progress.show(state.progress);
      await io.clock.sleep(PAUSE_MS);
    }
  } finally {
    progress.end();
  }
}

/** Shows progress until told to stop. That it can't be told is no reason for the clone to fail. */
async function watch(
  { service, io, progress }: Following,
  cloneId: () => Promise<string>,
  signal: AbortSignal,
): Promise<void> {
  try {
    await io.clock.sleep(FIRST_LOOK_MS, signal);
    const path = clonePath(await cloneId());
    while (!signal.aborted) {
      const state = bodyOf<CloneState>(await service.call({ method: 'GET', path }));
      if (!signal.aborted && isUnderWay(state)) progress.show(state.progress);
      await io.clock.sleep(PAUSE_MS, signal);
    }
  } catch {
    // Aborted, or the clone was refused meanwhile and has never existed.
  }
}

/** The first interrupt asks politely, the second leaves at once. */
async function withInterrupt(
  { io, progress }: Following,
  onFirst: () => Promise<void>,
  work: () => Promise<Answer>,
): Promise<Answer> {
  let presses = 0;
  const leave = Promise.withResolvers<never>();
  const release = io.onInterrupt(() => {
    presses += 1;
    if (presses > 1) return leave.reject(new LeftError(GO_ON));
    progress.say(
      'Stopping after the calls under way, then as --on-failure says. Ctrl-C again leaves at once.',
    );
    // Where it can't be cancelled because it has ended, its answer is on its way.
    onFirst().catch(() => undefined);
  });
  try {
    return await Promise.race([work(), leave.promise]);
  } finally {
    release();
  }
}
