import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { DurableLambdaHandler } from '@aws/durable-execution-sdk-js';
import type { Context } from 'aws-lambda';
import { AwsError, answerError, answerJson, readBody } from './aws-json.ts';
import { Executions } from './executions.ts';
import { lambdaContext } from './lambda-context.ts';
import { closeServer, listenOnLoopback, type Standin } from './server.ts';

/** A function that can be invoked: an ordinary handler, or a durable one that works over a journal. */
export type LocalFunction =
  | { kind: 'plain'; handler: (event: unknown, context: Context) => Promise<unknown>; timeoutMs?: number }
  | { kind: 'durable'; handler: DurableLambdaHandler; timeoutMs?: number };

export interface LambdaOptions {
  /** Folder that keeps the journals of durable executions, in `executions`; in memory when left out. */
  folder?: string | undefined;
  /** Port on 127.0.0.1; any free one when left out. */
  port?: number | undefined;
  /** How long `close` waits for steps under way, in ms. */
  graceMs?: number | undefined;
  /** Told of what a function that nobody waits for threw. */
  onTrouble?: ((functionName: string, error: unknown) => void) | undefined;
}

export interface LambdaStandin extends Standin {
  /** Makes a function known; handlers often need a client for this very endpoint, so they come after it. */
  register(functionName: string, local: LocalFunction): void;
  /** Goes on with the durable executions of registered functions that an earlier process left; answers how many. */
  resumeAll(): Promise<number>;
  /** What became of a durable execution; `undefined` where none of this name was ever started. */
  statusOf(functionName: string, executionName: string): Promise<'going-on' | 'ended' | undefined>;
}

const INVOCATION = /^\/2015-03-31\/functions\/([^/?]+)\/invocations$/;
/** What Lambda takes as the name of a durable execution. */
const EXECUTION_NAME = /^[\w-]{1,64}$/;
/** What a function is told it may take: Lambda's own maximum. */
const TIMEOUT_MS = 900_000;

/** Lambda's invocation API on loopback: what `InvokeCommand` needs, for functions within this process. */
export async function startLambda(options: LambdaOptions = {}): Promise<LambdaStandin> {
  const { folder, port = 0, graceMs = 2_000, onTrouble = () => {} } = options;
  const functions = new Map<string, LocalFunction>();
  const executions = new Executions({
    folder: folder === undefined ? undefined : join(folder, 'executions'),
    functionOf(functionName) {
      const local = functions.get(functionName);
      return local?.kind === 'durable'
        ? { handler: local.handler, timeoutMs: local.timeoutMs ?? TIMEOUT_MS }
        : undefined;
    },
    onTrouble,
  });

  async function invoke(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://127.0.0.1');
    const functionName = nameOf(INVOCATION.exec(url.pathname)?.[1]);
    const local = functions.get(functionName);
    if (request.method !== 'POST' || !local) {
      throw new AwsError('ResourceNotFoundException', `Function not found: ${functionName}`, 404);
    }
    const payload = (await readBody(request)).toString('utf8') || '{}';
    const isEvent = request.headers['x-amz-invocation-type'] === 'Event';
    if (local.kind === 'durable') {
      const name = executionName(request, url);
      await invokeDurable(response, { functionName, name, payload, isEvent });
    } else if (isEvent) {
      runPlain(functionName, local, payload).catch((error: unknown) => onTrouble(functionName, error));
      answerJson(response, 202, {});
    } else await answerPlain(response, functionName, local, payload);
  }

  async function invokeDurable(
    response: ServerResponse,
    call: { functionName: string; name: string; payload: string; isEvent: boolean },
  ): Promise<void> {
    const execution = await executions.start(call.functionName, call.name, call.payload);
    response.setHeader('x-amz-durable-execution-arn', execution.arn);
    if (call.isEvent) return answerJson(response, 202, {});
    const ending = await execution.ended;
    if (ending.status === 'SUCCEEDED') response.end(ending.result ?? 'null');
    else answerFunctionError(response, ending.error.ErrorMessage ?? 'The execution failed.');
  }

  const server = createServer((request, response) => {
    invoke(request, response).catch((error: unknown) => answerError(response, error));
  });
  const endpoint = await listenOnLoopback(server, port);
  return {
    endpoint,
    register(functionName, local) {
      functions.set(functionName, local);
    },
    resumeAll: () => executions.resumeAll(),
    statusOf: (functionName, name) => executions.statusOf(functionName, name),
    async close() {
      await closeServer(server);
      await executions.stop(graceMs);
    },
  };
}

type Plain = Extract<LocalFunction, { kind: 'plain' }>;

function runPlain(functionName: string, { handler, timeoutMs }: Plain, payload: string): Promise<unknown> {
  return handler(JSON.parse(payload), lambdaContext(functionName, timeoutMs ?? TIMEOUT_MS));
}

async function answerPlain(
  response: ServerResponse,
  functionName: string,
  local: Plain,
  payload: string,
): Promise<void> {
  try {
    const result = await runPlain(functionName, local, payload);
    response.end(JSON.stringify(result ?? null));
  } catch (error) {
    answerFunctionError(response, error instanceof Error ? error.message : String(error));
  }
}

/** Lambda answers 200 also when the function threw; the header tells the difference. */
function answerFunctionError(response: ServerResponse, errorMessage: string): void {
  response.setHeader('x-amz-function-error', 'Unhandled');
  response.end(JSON.stringify({ errorType: 'Error', errorMessage }));
}

/** The function's name, also where the whole ARN is given. */
function nameOf(nameOrArn: string | undefined): string {
  return (
    decodeURIComponent(nameOrArn ?? '')
      .split(':function:')
      .at(-1)
      ?.split(':')[0] ?? ''
  );
}

function executionName(request: IncomingMessage, url: URL): string {
  // Durable functions have no unqualified address.
  if (!url.searchParams.get('Qualifier')) {
    throw new AwsError(
      'InvalidParameterValueException',
      'A durable function is invoked by an alias or a version.',
    );
  }
  const name = String(request.headers['x-amz-durable-execution-name'] ?? randomUUID());
  if (EXECUTION_NAME.test(name)) return name;
  throw new AwsError(
    'InvalidParameterValueException',
    'DurableExecutionName: 1 to 64 of A-Z, a-z, 0-9, - and _.',
  );
}
