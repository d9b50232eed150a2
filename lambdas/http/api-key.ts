import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { ApiKey, KeyStore } from '../ports.ts';
import { endpointOf, type Middleware } from './call.ts';
import { ProblemError } from './problem.ts';

/** RFC 9110, section 15.5.2: a 401 names the way in. */
const CHALLENGE = { 'www-authenticate': 'ApiKey realm="flowferry", header="x-api-key"' };

/**
 * Lets in who shows a known key in `x-api-key`; a missing and an unknown key are told alike. Where an authorizer of
 * API Gateway stands in the key's place, who it found counts, and a key means nothing.
 */
export function apiKey({ keys }: { keys?: KeyStore | undefined }): Middleware {
  return {
    before: async ({ event, context }) => {
      const { open, admin } = endpointOf(context.call);
      if (open === true) return;
      const key = keys?.identify
        ? await keys.identify(authorizerOf(event))
        : await keyShown(keys, event.headers['x-api-key']);
      if (key === undefined) throw refusal(keys);
      context.call.key = key;
      if (admin === true && !key.admin) {
        throw new ProblemError('admin_required', 'This takes a key that administers the service.');
      }
    },
  };
}

async function keyShown(keys: KeyStore | undefined, shown: string | undefined): Promise<ApiKey | undefined> {
  return shown === undefined || shown === '' ? undefined : keys?.authenticate(shown);
}

/** API Gateway puts it there and nobody else can; the types of the event know it only in variants. */
function authorizerOf({ requestContext }: APIGatewayProxyEventV2): unknown {
  return 'authorizer' in requestContext ? requestContext.authorizer : undefined;
}

function refusal(keys: KeyStore | undefined): ProblemError {
  if (keys?.identify) return new ProblemError('unauthorized', 'The caller is none of those who may come in.');
  return new ProblemError('unauthorized', 'The header x-api-key must carry a known key.', {
    headers: CHALLENGE,
  });
}
