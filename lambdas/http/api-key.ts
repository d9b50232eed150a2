import type { KeyStore } from '../ports.ts';
import { endpointOf, type Middleware } from './call.ts';
import { ProblemError } from './problem.ts';

/** RFC 9110, section 15.5.2: a 401 names the way in. */
const CHALLENGE = { 'www-authenticate': 'ApiKey realm="flowferry", header="x-api-key"' };

/** Lets in who shows a known key in `x-api-key`; a missing and an unknown key are told alike. */
export function apiKey({ keys }: { keys?: KeyStore | undefined }): Middleware {
  return {
    before: async ({ event, context }) => {
      const { open, admin } = endpointOf(context.call);
      if (open === true) return;
      const shown = event.headers['x-api-key'];
      const key = shown === undefined || shown === '' ? undefined : await keys?.authenticate(shown);
      if (key === undefined) {
        throw new ProblemError('unauthorized', 'The header x-api-key must carry a known key.', {
          headers: CHALLENGE,
        });
      }
      context.call.key = key;
      if (admin === true && !key.admin) {
        throw new ProblemError('admin_required', 'This takes a key that administers the service.');
      }
    },
  };
}
