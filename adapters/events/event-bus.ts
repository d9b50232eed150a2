import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { FlowferryError } from '../../core/model/problem.ts';
import type { Log } from '../../core/ports.ts';
import { EVENT_SOURCE, EVENT_VERSION, type Events } from './events.ts';

/**
 * Events on a bus of EventBridge. `put` throws `events_unavailable` where the bus did not take the event, and the
 * client's own error where it could not be asked.
 */
export function createEventBus({ client, busName }: { client: EventBridgeClient; busName: string }): Events {
  return {
    async put(type, detail) {
      const { FailedEntryCount, Entries } = await client.send(
        new PutEventsCommand({
          Entries: [
            {
              EventBusName: busName,
              Source: EVENT_SOURCE,
              DetailType: type,
              Detail: JSON.stringify({ version: EVENT_VERSION, ...detail }),
            },
          ],
        }),
      );
      // EventBridge answers 200 also for entries that it did not take.
      if (FailedEntryCount) {
        const code = Entries?.[0]?.ErrorCode ?? 'unknown';
        throw new FlowferryError('events_unavailable', `The event bus refused an event: ${code}.`);
      }
    },
  };
}

/** Events in the log, for hosts that have no bus. */
export function createEventLog(log: Log): Events {
  return { put: async (type, detail) => log.info('event', { type, detail }) };
}
