import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { nextTime } from '../../core/model/next-time.ts';
import { AwsError, answerError, answerJson, readBody } from './aws-json.ts';
import { closeServer, listenOnLoopback, type Standin } from './server.ts';

/** The longest that a timer can wait; a schedule that is due later is looked at again then. */
const LONGEST_TIMER_MS = 2_147_483_647;

const SCHEDULE = /^\/schedules\/([0-9a-zA-Z-_.]{1,64})$/;

/** What AWS puts the time in the place of that a call was due. */
const TIME = '<aws.scheduler.scheduled-time>';

interface Stored {
  expression: string;
  timezone: string;
  functionName: string;
  input: string;
  since: number;
  timer?: NodeJS.Timeout | undefined;
}

/**
 * EventBridge Scheduler on loopback: schedules that call functions of the Lambda stand-in when they are due, for as
 * long as the process lives.
 */
export async function startScheduler(options: {
  lambdaEndpoint: string;
  port?: number | undefined;
  /** Told of a call that failed: nobody waits for it. */
  onTrouble?: ((name: string, error: unknown) => void) | undefined;
}): Promise<Standin> {
  const { lambdaEndpoint, port = 0, onTrouble = () => undefined } = options;
  const schedules = new Map<string, Stored>();
  const calls = new Set<Promise<void>>();

  function plan(name: string, stored: Stored, after: number): void {
    const due = nextTime(stored.expression, { timezone: stored.timezone, after, since: stored.since });
    if (due === undefined) return;
    const wait = Math.min(due - Date.now(), LONGEST_TIMER_MS);
    stored.timer = setTimeout(
      () => {
        const isDue = Date.now() >= due;
        if (isDue) track(call(stored, due).catch((error: unknown) => onTrouble(name, error)));
        plan(name, stored, isDue ? due : after);
      },
      Math.max(0, wait),
    );
    stored.timer.unref();
  }

  function track(work: Promise<void>): void {
    calls.add(work);
    void work.finally(() => calls.delete(work));
  }

  async function call({ functionName, input }: Stored, due: number): Promise<void> {
    const time = new Date(due).toISOString().replace('.000Z', 'Z');
    const response = await fetch(`${lambdaEndpoint}/2015-03-31/functions/${functionName}/invocations`, {
      method: 'POST',
      headers: { 'x-amz-invocation-type': 'Event' },
      body: input.replaceAll(TIME, time),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`The call was answered with ${response.status}.`);
  }

  function forget(name: string): void {
    const stored = schedules.get(name);
    if (!stored) throw new AwsError('ResourceNotFoundException', `Schedule ${name} does not exist.`, 404);
    clearTimeout(stored.timer);
    schedules.delete(name);
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, name] = SCHEDULE.exec(new URL(request.url ?? '', 'http://127.0.0.1').pathname) ?? [];
    if (name === undefined)
      throw new AwsError('UnknownOperationException', 'The stand-in has no such route.');
    const body = (await readBody(request)).toString('utf8');
    if (request.method === 'DELETE') {
      forget(name);
      return answerJson(response, 200, {});
    }
    if (request.method !== 'POST' && request.method !== 'PUT') {
      throw new AwsError('UnknownOperationException', 'The stand-in has no such operation.');
    }
    if (request.method === 'POST' && schedules.has(name)) {
      throw new AwsError('ConflictException', `Schedule ${name} already exists.`, 409);
    }
    const stored = read(JSON.parse(body));
    if (request.method === 'PUT') forget(name);
    schedules.set(name, stored);
    plan(name, stored, Date.now());
    answerJson(response, 200, { ScheduleArn: `arn:aws:scheduler:us-east-1:000000000000:schedule/${name}` });
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => answerError(response, error));
  });
  return {
    endpoint: await listenOnLoopback(server, port),
    async close() {
      for (const { timer } of schedules.values()) clearTimeout(timer);
      await closeServer(server);
      await Promise.all(calls);
    },
  };
}

function read(body: Record<string, unknown>): Stored {
  const { ScheduleExpression, ScheduleExpressionTimezone, Target } = body;
  const target = (Target ?? {}) as Record<string, unknown>;
  const functionName = String(target['Arn']).split(':').at(-1) ?? '';
  const expression = String(ScheduleExpression);
  const timezone = String(ScheduleExpressionTimezone ?? 'UTC');
  try {
    nextTime(expression, { timezone, after: 0, since: 0 });
  } catch {
    throw new AwsError('ValidationException', 'Invalid Schedule Expression or time zone.');
  }
  return { expression, timezone, functionName, input: String(target['Input'] ?? '{}'), since: Date.now() };
}
