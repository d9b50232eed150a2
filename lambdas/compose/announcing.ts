import { SQSClient } from '@aws-sdk/client-sqs';
import { createCallbackSender } from '../../adapters/callbacks/index.ts';
import { createDeadLetterLog, createDeadLetterQueue } from '../../adapters/dead-letters/index.ts';
import { systemClock } from '../../adapters/integrator/system-clock.ts';
import { readSecret } from '../../adapters/secrets/read.ts';
import { SecretCache } from '../../adapters/secrets/secret-cache.ts';
import { type Announcer, createAnnouncer } from '../announce/announcer.ts';
import type { Environment } from '../environment.ts';
import { requestHandler } from './basics.ts';
import { eventsOf } from './events.ts';
import type { CloneParts } from './parts.ts';

/** The secret that callbacks are signed with, as Standard Webhooks has it: base64, `whsec_` before it. */
const CALLBACK_SECRET = 'flowferry/callback-secret';

/** Events, dead letters and callbacks, over clients of their own. */
export function announcing(environment: Environment, { ports, records, client }: CloneParts): Announcer {
  const { FLOWFERRY_DEAD_LETTERS_URL: queueUrl, FLOWFERRY_ALLOW_LOOPBACK: allowLoopbackHttp } = environment;
  const callbackSecret = new SecretCache((name) => readSecret(client, name), {
    clock: systemClock,
    ttlMs: environment.FLOWFERRY_SECRET_TTL_SECONDS * 1000,
  });
  return createAnnouncer({
    ...ports,
    records,
    events: eventsOf(environment, ports.log),
    deadLetters:
      queueUrl === undefined
        ? createDeadLetterLog(ports.log)
        : createDeadLetterQueue({ client: new SQSClient({ requestHandler }), queueUrl }),
    callbacks: createCallbackSender({ allowLoopbackHttp }),
    callbackSecret: () => callbackSecret.get(CALLBACK_SECRET),
  });
}
