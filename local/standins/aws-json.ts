import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** An error as AWS's JSON protocols answer it; the SDK makes an error of that name from it. */
export class AwsError extends Error {
  readonly type: string;
  readonly status: number;

  constructor(type: string, message: string, status = 400) {
    super(message);
    this.type = type;
    this.status = status;
  }
}

/** One operation: parameters in, result out. */
export type Operation = (input: Record<string, unknown>) => object | Promise<object>;

/** The whole body of a request. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Answers JSON under a status. */
export function answerJson(response: ServerResponse, status: number, body: object, version = '1.1'): void {
  response.writeHead(status, { 'content-type': `application/x-amz-json-${version}` });
  response.end(JSON.stringify(body));
}

/** Answers an error in the form the SDK understands in every JSON protocol. */
export function answerError(response: ServerResponse, error: unknown): void {
  const { type, status, message } =
    error instanceof AwsError ? error : new AwsError('InternalFailure', 'The stand-in failed.', 500);
  response.setHeader('x-amzn-errortype', type);
  answerJson(response, status, { __type: type, message, Message: message });
}

/**
 * A server for the protocols AWS JSON 1.0 and 1.1: every call is a POST that names its operation in
 * `x-amz-target: <service>.<operation>`. Signatures are not looked at.
 */
export function createAwsJsonServer(operations: ReadonlyMap<string, Operation>): Server {
  return createServer(async (request, response) => {
    try {
      const target = String(request.headers['x-amz-target'] ?? '');
      const operation = operations.get(target.slice(target.lastIndexOf('.') + 1));
      const body = (await readBody(request)).toString('utf8');
      if (!operation)
        throw new AwsError('UnknownOperationException', `The stand-in has no operation ${target}.`);
      const version = String(request.headers['content-type']).endsWith('1.0') ? '1.0' : '1.1';
      answerJson(response, 200, await operation(JSON.parse(body || '{}')), version);
    } catch (error) {
      answerError(response, error);
    }
  });
}
